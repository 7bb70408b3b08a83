"""WatchParty: a media server in one file, for watching the same frame together."""

__version__ = "0.1.0"
