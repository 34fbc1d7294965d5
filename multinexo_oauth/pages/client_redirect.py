from django.http import HttpResponseRedirect


class ClientRedirect(HttpResponseRedirect):
    """A redirect to a client's own URI, which was compared with those it registered, whatever its scheme."""

    def __init__(self, location: str) -> None:
        self.allowed_schemes = [location.partition(":")[0]]
        super().__init__(location)
