"""PostgreSQL and Valkey from wheels."""
from pathlib import Path
import secrets

def secret_key(var: Path) -> str:
    return secrets.token_urlsafe(50)

def database_url(var: Path) -> str:
    return "postgres://wsis:x@127.0.0.1:54329/wsis"

def redis_url(var: Path) -> str:
    return "redis://127.0.0.1:63799/0"
