"""The imports of the Prizes, where the portal looks for them."""

from prizes.entry.importing import EntryImporter

__all__ = ["EntryImporter"]
