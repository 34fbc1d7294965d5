// Sends the form that needs no person; without JavaScript its button does.
document.querySelector("form[data-submit]").submit();
