# One image for web, workers, beat and migrations (docker-compose.yml says which runs what).

FROM python:3.11-slim-bookworm AS packages
WORKDIR /portal
RUN python -m venv .venv && .venv/bin/pip install --quiet --no-cache-dir uv
COPY pyproject.toml uv.lock ./
RUN .venv/bin/uv export --quiet --frozen --no-annotate --no-header --no-dev --output-file requirements.txt \
 && .venv/bin/uv pip sync --quiet --no-cache --require-hashes --python .venv/bin/python requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home portal && install -d -o portal -g portal -m 700 /var/lib/wsis
WORKDIR /portal
COPY --from=packages /portal/.venv .venv
COPY . .
ENV PATH=/portal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/portal/static_collected \
    VAR_DIR=/var/lib/wsis
RUN python manage.py compilemessages --verbosity 0 \
 && python manage.py collectstatic --noinput --verbosity 0
USER portal
VOLUME /var/lib/wsis
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "32", "--workers-kill-timeout", "5", \
     "--respawn-failed-workers", "--respawn-interval", "0.5", "wsis_portal.wsgi:application"]
