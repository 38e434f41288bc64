"""The imports of the Stocktaking database, where the portal looks for them."""

from stocktaking.imports.importer import ProjectImporter
from stocktaking.text.importing import TextImporter

__all__ = ["ProjectImporter", "TextImporter"]
