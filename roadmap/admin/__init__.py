from roadmap.admin import log, milestone, position, registers

__all__ = ["log", "milestone", "position", "registers"]
