"""How a report, an edition of the archive or a figure is cited."""

DOI_RESOLVER = "https://doi.org/"


def citation(
    author: str, year: int, *titles: str, isbn: str = "", doi: str = "", address: str
) -> str:
    """“Author (2026). Title. Title of the whole. ISBN …. Address”; a DOI is the better address."""
    parts = [f"{author} ({year})", *titles]
    if isbn:
        parts.append(f"ISBN {isbn}")
    link = f"{DOI_RESOLVER}{doi}" if doi else address
    return ". ".join([*parts, link]) if link else ". ".join(parts) + "."
