from datetime import timedelta
from typing import Any

from django.utils import timezone

from ..contender import Contender
from ..rows import multiply
from ..secret import digest_sql, value_sql


class Knox(Contender):
    label = "django-rest-knox"
    scheme = "Token"
    apps = ["knox"]
    authentication = ["knox.auth.TokenAuthentication"]

    def store(self, first: Any) -> None:
        from knox.crypto import hash_token
        from knox.models import AuthToken
        from knox.settings import CONSTANTS

        token, length = self.token(first.pk), CONSTANTS.TOKEN_KEY_LENGTH
        row = AuthToken(user=first, token_key=token[:length], digest=hash_token(token))
        row.expiry = timezone.now() + timedelta(days=1)
        row.save(force_insert=True)
        multiply(
            row,
            self.size,
            digest=digest_sql(value_sql(), "sha512"),
            token_key=f"substr({value_sql()}, 1, {length})",
            user_id="i",
        )
