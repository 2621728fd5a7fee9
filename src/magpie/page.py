"""The built web page, served from the package; and the API's documentation with assets of its own."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from magpie import __version__
from magpie.kit.errors import NotFound
from magpie.kit.paths import OutsideRoot, below
from magpie.kit.routing import SliceRouter
from magpie.kit.web import CONTENT_SECURITY_POLICY

FOLDER = Path(__file__).parent / "page"
ONE_YEAR = 31_536_000
COMPRESSED = (".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt", ".map")

router = SliceRouter(include_in_schema=False)

_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Magpie</title>
<body><h1>Magpie is running</h1>
<p>The page was not built. In a checkout run <code>python3 dev.py setup</code>; the API is at
<a href="/api/v1/docs">/api/v1/docs</a>.</p></body></html>"""


@lru_cache(maxsize=256)
def _load(file: Path, changed: int, compressed: bool) -> bytes:
    """The file's bytes as they were at that change: a page that was built anew needs no restart."""
    data = file.read_bytes()
    # mtime=0: the same bytes each time, so that caches in between agree.
    return gzip.compress(data, 6, mtime=0) if compressed else data


def _find(path: str) -> Path | None:
    """The page's file of that name; None if there is none that is served."""
    if not path or any(part.startswith(".") for part in path.split("/")):
        return None
    try:
        file = below(FOLDER, path)
        return file if file.is_file() else None
    except (OutsideRoot, OSError, ValueError):
        return None


def _send(path: str, request: Request) -> Response | None:
    file = _find(path)
    if file is None:
        return None
    compressed = path.endswith(COMPRESSED) and "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"}
    if compressed:
        headers["Content-Encoding"] = "gzip"
    # File names below assets/ hold a hash of their content; everything else is asked for anew.
    lasting = path.startswith("assets/")
    headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable" if lasting else "no-cache"
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    try:
        data = _load(file, file.stat().st_mtime_ns, compressed)
    except OSError:  # it is being built anew in this moment
        return None
    return Response(data, media_type=media_type, headers=headers)


def _index(request: Request) -> Response:
    return _send("index.html", request) or HTMLResponse(_MISSING)


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


@router.api_route("/", methods=["GET", "HEAD"])
def root(request: Request) -> Response:
    """The page for a browser, information about the service for a program."""
    if wants_page(request):
        return _index(request)
    return JSONResponse(
        {
            "name": "Magpie",
            "version": __version__,
            "status": "running",
            "docs": "/api/v1/docs",
            "health": "/health",
        },
        headers={"Vary": "Accept"},
    )


# The documentation's programs make style elements and pictures as they run, and search in a worker of a blob.
_DOCS_POLICY = (
    CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
        "img-src 'self'", "img-src 'self' data:"
    )
    + "; worker-src 'self' blob:"
)


def _docs(title: str, script: str) -> HTMLResponse:
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs-assets/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/docs-assets/{script}.js"></script>
<script src="/docs-assets/{script}-start.js"></script></body></html>""",
        headers={"Content-Security-Policy": _DOCS_POLICY},
    )


@router.get("/docs")
@router.get("/api/v1/docs")
def swagger() -> HTMLResponse:
    """The API's documentation, to try things out."""
    return _docs("Magpie API", "swagger-ui-bundle")


@router.get("/redoc")
@router.get("/api/v1/redoc")
def redoc() -> HTMLResponse:
    """The API's documentation, to read."""
    return _docs("Magpie API", "redoc.standalone")


@router.api_route("/{path:path}", methods=["GET", "HEAD"])
def anything_else(path: str, request: Request) -> Response:
    """A file of the page; or, for a browser, the page itself, which knows its own addresses."""
    if (file := _send(path, request)) is not None:
        return file
    if wants_page(request) and not path.startswith(("api/", "auth/", "feeds/", "assets/", "docs-assets/")):
        return _index(request)
    if methods := _methods_of(request):
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
    raise NotFound


def _methods_of(request: Request) -> set[str]:
    """The methods by which other routes answer at this address, which are others than the request's."""
    routes = (route for route in request.app.router.routes if isinstance(route, Route))
    found = [route.methods or () for route in routes if route.matches(request.scope)[0] is Match.PARTIAL]
    return {method for methods in found for method in methods}
