"""What fetches clients' documents, for a site that fetches them in its own way: part of the public API."""

from .server.clients.fetcher import DocumentFetcher

__all__ = ["DocumentFetcher"]
