from django.db import models


class Partner(models.Model):
    """What a site knows of an application beyond the app's own fields."""

    application = models.OneToOneField(
        "multinexo_oauth.Application", on_delete=models.CASCADE, related_name="partner", editable=False
    )
    contract = models.CharField("contract number", max_length=20)
    newsletter = models.BooleanField("wants the newsletter", default=False)
