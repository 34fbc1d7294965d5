"""Who takes part, by name. Each module is imported by its own process alone."""

CLASSES = {
    "anonymous": "anonymous.Anonymous",
    "drf": "drf.DRF",
    "knox": "knox.Knox",
    "simplejwt": "simplejwt.SimpleJWT",
    "allauth": "allauth.Allauth",
    "dot": "dot.DOT",
    "dot_unhashed": "dot.DOTUnhashed",
    "ours": "ours.Ours",
    "ours_local": "ours.OursWithLocalMemory",
    "ours_redis": "ours.OursWithRedis",
    "connected": "connected.Connected",
}
