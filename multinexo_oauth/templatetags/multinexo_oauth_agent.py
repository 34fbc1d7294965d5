"""What a person's program is called."""

from django import template

register = template.Library()

# In this order: most of them name the ones that follow too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def program(agent: str) -> str:
    """Return the names of a browser and its system, of a User-Agent that tells both; any other as it is."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    return f"{browser}\u00a0·\u00a0{system}" if browser and system else agent


def _first(names: dict[str, str], agent: str) -> str:
    return next((name for sign, name in names.items() if sign in agent), "")
