"""The command line. Each command imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="magpie",
    help="Magpie keeps your media: paste or follow links, and it is saved, tagged and filed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from magpie import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options before the command."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (MAGPIE_HOST).")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on (MAGPIE_PORT).", min=0, max=65535)
    ] = None,
) -> None:
    """Serve the page and the API, and do the work, in one process."""
    from magpie.server import run_server

    run_server(host=host, port=port)


@app.command()
def worker() -> None:
    """Do jobs for a server on this or another host (PostgreSQL)."""
    from magpie.server import run_worker

    run_worker()


@app.command()
def save(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses to save from.")],
    audio: Annotated[bool, typer.Option("--audio", help="Save the sound only.")] = False,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="How to save: a profile that ships with Magpie, or your own."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Save into this folder instead of the library.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Save media now; no server is needed.

    Prints one final path a line. The exit code is 0 only if everything asked for is on the disk, 1 if something
    could not be saved, 2 if the command itself was wrong.
    """
    from magpie.downloads.commands import save as run

    raise typer.Exit(
        run(urls, profile=profile or ("audio" if audio else "video"), folder=to, as_json=as_json)
    )


@app.command()
def follow(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of a channel, playlist, gallery, feed, …")
    ],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it.")] = None,
    every: Annotated[
        str | None, typer.Option(metavar="TIME", help="How often to look at it: 60m, 6h, 2d.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="For whom; the first superuser if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow a source: a running server looks at it soon, and saves what is new."""
    from magpie.links.commands import follow as run

    raise typer.Exit(run(url, name=name, every=every, username=user, as_json=as_json))


@app.command()
def check(
    link_id: Annotated[
        int | None,
        typer.Argument(
            metavar="[LINK_ID]", min=1, max=2**31 - 1, help="Number of the link; all if left out."
        ),
    ] = None,
    no_downloads: Annotated[
        bool, typer.Option("--no-downloads", help="Leave the downloads to a running server.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Look at what is followed, now, and save what is new; no server is needed.

    Prints one line for each link. The exit code is 0 if all went well, 1 if a check or a download failed, 2 if there
    is no such link.
    """
    from magpie.links.checks.commands import check as run

    raise typer.Exit(run(link_id, as_json=as_json, downloads_too=not no_downloads))


@app.command()
def scan(
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take media in that lie there and that no item has.")
    ] = False,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose they become; the first superuser if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look through the media folders for files that have moved, changed or gone, and for new ones.

    The exit code is 0 if all is well, 1 if files are missing or could not be read, 2 if the command was wrong.
    """
    from magpie.library.care.commands import scan as run

    raise typer.Exit(run(adopt=adopt, username=user, as_json=as_json))


links = typer.Typer(no_args_is_help=True, help="List and end what is followed.")
app.add_typer(links, name="links")


@links.command("list")
def links_list(
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only this user's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print all links: number, name, type, state, address."""
    from magpie.links.commands import show

    raise typer.Exit(show(username=user, as_json=as_json))


@links.command("remove")
def links_remove(
    link_id: Annotated[
        int, typer.Argument(metavar="LINK_ID", min=1, max=2**31 - 1, help="Number of the link.")
    ],
    delete_items: Annotated[
        bool, typer.Option("--delete-items", help="Delete what no other link brought, unless it is pinned.")
    ] = False,
) -> None:
    """Follow a link no more; what it brought stays."""
    from magpie.links.commands import remove

    raise typer.Exit(remove(link_id, with_items=delete_items))


@app.command()
def adopt(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder with media and yt-dlp's .info.json files.")
    ],
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="For whom; the first superuser if left out.")
    ] = None,
    move: Annotated[
        bool,
        typer.Option(
            "--move/--in-place", help="Move the files into the media folder, or leave them where they lie."
        ),
    ] = False,
    follow_channels: Annotated[
        bool, typer.Option("--follow", help="Follow the channels that the media came from.")
    ] = False,
) -> None:
    """Take media that yt-dlp saved into the library; nothing is fetched, and it can be repeated."""
    from magpie.links.adopt.commands import adopt as run

    raise typer.Exit(run(folder, username=user, move=move, follow=follow_channels))


@app.command("match")
def match_(
    wanted: Annotated[
        str, typer.Argument(metavar="WANTED.jsonl", help="The tracks to find; `-` is standard input.")
    ],
    library: Annotated[
        str, typer.Argument(metavar="LIBRARY.jsonl", help="The tracks to find them among; or `-`.")
    ],
    aliases: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="More names of artists: one artist a line, a bar between names."),
    ] = None,
) -> None:
    """Find tracks in a library: one JSON line with a verdict and its reasons for each.

    A track is a JSON object a line: `id`, `title`, and where known `artists`, `album`, `duration` (seconds), `isrc`.
    The exit code is 0 if all were judged, 2 if a file cannot be read.
    """
    from magpie.playlists.matching.commands import match as run

    raise typer.Exit(run(wanted, library, aliases=aliases))


@app.command()
def podcast(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Text, Markdown, PDF, DOCX, EPUB or audio files, or URLs; several make one episode together.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.mp3",
            help="Where to; a new file in the present folder if left out.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="ID", help="How script and voices are to be; two hosts if left out."),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(metavar="N", help="How long it is to be.", min=0.5, max=600)
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="L", help="In which language: en, de, zh; the sources' if left out.")
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="T", help="What to call it.")] = None,
    llm: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:MODEL", help="Who writes (MAGPIE_LLM); `extractive` needs no model."),
    ] = None,
    tts: Annotated[
        str | None, typer.Option(metavar="PROVIDER[:MODEL]", help="Who speaks (MAGPIE_TTS).")
    ] = None,
    asr: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER[:MODEL]", help="Who makes text of recordings (MAGPIE_ASR)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a podcast of what can be read or heard; no server is needed, and no network with the embedded voices.

    Prints the recording's path. The exit code is 0 only if it is there, 1 if something failed (the same command then
    goes on where this one ended), 2 if the command itself was wrong.
    """
    from magpie.podcasts.commands import Wish
    from magpie.podcasts.commands import podcast as run

    wish = Wish(tuple(sources), output, template, minutes, language, title, llm, tts, asr)
    raise typer.Exit(run(wish, as_json=as_json))


@app.command()
def migrate() -> None:
    """Bring the database up to date, after a backup; `serve` and `worker` do it by themselves."""
    from magpie.admin.commands import migrate as run

    raise typer.Exit(run())


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    passphrase_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Take secrets along, sealed with the passphrase in this file."),
    ] = None,
) -> None:
    """Write the whole database into a file, beside a running server too; secrets are left out.

    The media are not in it: they are files already.
    """
    from magpie.admin.database.commands import backup as run

    raise typer.Exit(run(file, passphrase_file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` or an export made.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Restore sealed secrets with the passphrase in this file."),
    ] = None,
) -> None:
    """Replace the whole database by a file's, after the file has proved to be sound and a backup was made.

    With SQLite the server must be stopped; with PostgreSQL servers and workers may go on running.
    """
    from magpie.admin.database.commands import restore as run

    raise typer.Exit(run(file, yes=yes, passphrase_file=passphrase_file))


jobs = typer.Typer(no_args_is_help=True, help="List, cancel and take up what waits and runs.")
app.add_typer(jobs, name="jobs")


@jobs.command("list")
def jobs_list(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print what waits and runs: number, state, what it is about, whose it is."""
    from magpie.admin.work.commands import show

    raise typer.Exit(show(as_json=as_json))


@jobs.command("cancel")
def jobs_cancel(
    job_ids: Annotated[
        list[str],
        typer.Argument(metavar="JOB...", help="Jobs as `magpie jobs list` names them: download:12."),
    ],
) -> None:
    """End downloads, episodes and scans that wait or run; a running server ends them within seconds."""
    from magpie.admin.work.commands import cancel

    raise typer.Exit(cancel(job_ids))


@jobs.command("adopt")
def jobs_adopt() -> None:
    """Put what dead workers ran back into its queues, as each running worker does by itself within seconds."""
    from magpie.admin.work.commands import adopt as run

    raise typer.Exit(run())


users = typer.Typer(no_args_is_help=True, help="Make and list accounts, set their passwords.")
app.add_typer(users, name="users")


@users.command("add")
def users_add(
    username: Annotated[str, typer.Argument(metavar="NAME", help="User name.")],
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail address.")],
    superuser: Annotated[bool, typer.Option("--superuser", help="A superuser; the first always is.")] = False,
) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    from magpie.accounts.commands import add

    raise typer.Exit(add(username, email, is_superuser=superuser))


@users.command("list")
def users_list(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print all accounts: number, name, address, rights."""
    from magpie.accounts.commands import show

    raise typer.Exit(show(as_json=as_json))


@users.command("passwd")
def users_passwd(
    login: Annotated[str, typer.Argument(metavar="NAME", help="User name or e-mail address.")],
) -> None:
    """Set a password; it is asked for, or read from standard input. All sessions and tokens of the account end."""
    from magpie.accounts.commands import set_password

    raise typer.Exit(set_password(login))


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what is missing or wrong, and how to mend it."""
    from magpie.admin.doctor import run

    raise typer.Exit(run(as_json=as_json))


@app.command()
def demo(
    keep: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the result in this folder.")] = None,
) -> None:
    """Show the whole product offline, in a minute, on a made-up media site."""
    from magpie.demo.command import run

    raise typer.Exit(run(keep))


@app.command(hidden=True)
def openapi() -> None:
    """Print the API's schema, from which the page's client is made."""
    from magpie.server import print_schema

    print_schema()


def main() -> None:
    """The program `magpie`."""
    from magpie.kit import collector

    collector.relax()
    # The message of a refused setting is all that a person needs; a traceback would bury it.
    from magpie.kit.refusal import sentence_of

    try:
        app()
    except Exception as error:
        if (sentence := sentence_of(error)) is None:
            raise
        logging.getLogger(__name__).debug("the command was refused", exc_info=True)
        typer.echo(f"magpie: {sentence}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
