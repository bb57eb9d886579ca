"""Lists the documents of Paperless whose payment is due within a week."""

import datetime
import json
import pathlib
import urllib.parse
import urllib.request

PAPERLESS = "http://paperless.paperless.svc:8000"
TOKEN = pathlib.Path("/secrets/default/paperless-token/token")


def due_documents(today: datetime.date) -> list[str]:
    """Titles of documents tagged "to pay". A bill is due four weeks after its date."""
    query = urllib.parse.urlencode(
        {"tags__name__iexact": "to pay", "created__date__lte": today - datetime.timedelta(weeks=3)}
    )
    request = urllib.request.Request(
        f"{PAPERLESS}/api/documents/?{query}", headers={"Authorization": f"Token {TOKEN.read_text().strip()}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return [document["title"] for document in json.load(answer)["results"]]


def main() -> str:
    """Entry point that Fission calls."""
    return json.dumps({"due": due_documents(datetime.date.today())})
