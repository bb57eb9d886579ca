"""Lists the documents of Paperless whose payment is due within a week."""

import datetime
import http.client
import json
import pathlib
import urllib.parse

PAPERLESS = "paperless.paperless.svc:8000"
TOKEN = pathlib.Path("/secrets/default/paperless-token/token")


def due_documents(today: datetime.date) -> list[str]:
    """Titles of documents tagged "to pay". A bill is due four weeks after its date."""
    query = urllib.parse.urlencode(
        {"tags__name__iexact": "to pay", "created__date__lte": today - datetime.timedelta(weeks=3)}
    )
    connection = http.client.HTTPConnection(PAPERLESS, timeout=20)
    headers = {"Authorization": f"Token {TOKEN.read_text().strip()}"}
    connection.request("GET", f"/api/documents/?{query}", headers=headers)
    return [document["title"] for document in json.load(connection.getresponse())["results"]]


def main() -> str:
    """Entry point that Fission calls."""
    return json.dumps({"due": due_documents(datetime.date.today())})
