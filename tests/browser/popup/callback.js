window.opener.postMessage(new URLSearchParams(location.search).get("code") ? "code" : location.search, location.origin);
window.close();
