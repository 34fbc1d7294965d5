from allauth.idp.oidc.contrib.rest_framework.permissions import TokenPermission

from .contender import SCOPE


class AllauthTokenHasScope(TokenPermission):
    scope = SCOPE
