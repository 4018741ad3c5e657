# The site's image: the web, both workers, beat and the set-up are the same one with different commands.
# It runs as a user without a name, and needs no writable file system but /tmp and the private storage.

# The design system's files, by npm from a locked wheel
FROM python:3.11-slim-bookworm AS assets
WORKDIR /app
COPY requirements-uv.lock requirements-node.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock -r requirements-node.lock
COPY .npmrc package.json package-lock.json ./
COPY ssip/__init__.py ssip/__init__.py
COPY ssip/local ssip/local
RUN python -m ssip.local.assets

# The packages of a site: no tests, no local servers
FROM python:3.11-slim-bookworm AS packages
COPY requirements-uv.lock requirements-site.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && uv venv /opt/venv \
    && uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --require-hashes -r requirements-site.lock

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/app/collected PRIVATE_ROOT=/srv/private
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /app/static/vendor static/vendor
# The settings need addresses to load; nothing is connected to here.
RUN SECRET_KEY=build DATABASE_URL=postgres://build OWNER_DATABASE_URL=postgres://build WORKER_DATABASE_URL=postgres://build \
    python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /srv/private && chown 10001:10001 /srv/private
USER 10001:10001
VOLUME /srv/private
EXPOSE 8000
CMD ["gunicorn", "ssip.wsgi", "--no-control-socket", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
