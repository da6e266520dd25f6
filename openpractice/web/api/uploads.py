"""Files that programs bring: of the organisation's own records, or of what the NHS publishes, for everybody here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, File, Path, Query, Schema, UploadedFile
from pydantic import BaseModel

from openpractice.web.api.answering import for_nobody_else, next_address, page_of
from openpractice.web.api.offered import offer
from openpractice.web.api.problems import Trouble
from openpractice.web.api.scopes import Scope
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import actions
from openpractice.web.uploads.arriving import NotReceived, too_large
from openpractice.web.uploads.models import How, Upload
from openpractice.web.uploads.names import tidy

ENVELOPE = 64 * 1024  # bytes that a form adds to the file in it
NUMBER = Path(ge=1, le=2**63 - 1, description="The number of the upload.")


class Uploaded(BaseModel):
    """What became of an upload."""

    id: int
    name: str
    size: int = Field(description="Bytes.")
    sha256: str
    state: str = Field(description="waiting, reading, loaded, unchanged, refused, failed or cancelled.")
    doing: str = Field(description="What the worker does at this moment.")
    done: int = Field(description="Steps done, of so many as `steps` says.")
    steps: int
    error: str = Field(description="Why it was not loaded, as a sentence.")
    account: list[dict[str, Any]] = Field(description="For each file inside: rows read, kept and refused, and why.")
    arrived: str
    began: str | None
    ended: str | None
    self: str = Field(description="Ask this address what has become of it.")


class Uploads(BaseModel):
    """Uploads, the latest first."""

    uploads: list[Uploaded]
    next: str | None


class Paged(Schema):
    limit: int = Field(50, ge=1, le=200, description="How many at a time.")
    offset: int = Field(0, ge=0, le=100_000, description="How many to leave out at the beginning.")


@dataclass(frozen=True)
class Kind:
    """Whose uploads they are: an organisation's own, or everybody's. Nothing else differs."""

    name: str
    topic: str
    scope: Scope
    own: bool

    @property
    def root(self) -> str:
        return f"/uploads/{self.name}"

    def whose(self, request: HttpRequest) -> Organisation | None:
        return request.auth.organisation if self.own else None  # type: ignore[attr-defined]

    def known(self, request: HttpRequest) -> QuerySet[Upload]:
        return Upload.objects.filter(organisation=self.whose(request)).select_related("organisation")

    def one(self, request: HttpRequest, number: int) -> Upload:
        """Another organisation's is not there: the question is the same, and so is the answer. Raises Trouble."""
        found = self.known(request).filter(pk=number).first()
        if found is None:
            raise Trouble(404, "There is no upload of yours with this number.")
        return found

    def told(self, request: HttpRequest, upload: Upload) -> Uploaded:
        moments = {name: getattr(upload, name) for name in ("arrived", "began", "ended")}
        return Uploaded(
            id=upload.pk, name=upload.name, size=upload.size, sha256=upload.sha256, state=upload.state,
            doing=upload.doing, done=upload.done, steps=upload.steps, error=upload.error, account=upload.account,
            **{name: moment and moment.isoformat(timespec="seconds") for name, moment in moments.items()},
            self=request.build_absolute_uri(reverse(f"api_one_{self.name}_upload", args=[upload.pk])),
        )  # fmt: skip

    def offer(self, method: str, path: str, answers: Any, name: str, **more: Any) -> Callable[[Callable], Callable]:
        """Offer an operation on uploads of this kind, under a name of its own."""

        def decorate(view: Callable) -> Callable:
            view.__name__ = name
            return offer(method, self.root + path, answers, topic=self.topic, needs=self.scope, **more)(view)

        return decorate


def _bring(request: HttpRequest, file: UploadedFile, organisation: Organisation | None) -> Upload:
    """Raises Trouble where the file is not taken; then nothing of it is kept."""
    caller = request.auth  # type: ignore[attr-defined]
    beyond = {*request.POST, *request.FILES} - {"file"}
    if beyond or len(request.FILES.getlist("file")) != 1:
        raise Trouble(422, "The form must hold one file, in the field “file”, and nothing else.")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.LARGEST_UPLOAD + ENVELOPE:
            raise too_large(tidy(file.name or ""), settings.LARGEST_UPLOAD)
        return actions.receive(
            organisation=organisation, by=caller.acting.person, how=str(How.TOKEN), name=file.name or "", stream=file,
            acting_for=caller.organisation.code,
        )  # fmt: skip
    except NotReceived as why:
        raise Trouble(why.status, str(why)) from why
    except NotAllowed as why:
        raise Trouble(403, str(why)) from why


def _offer_all(kind: Kind) -> None:
    """Bringing a file, and those that were brought."""

    @kind.offer("POST", "", Uploaded, f"bring_{kind.name}_upload", status=201, troubles=(413, 415, 507))
    def bring(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
        """Upload a file.

        It is on the disk and in the queue once this answers; the address in Location tells what becomes of it.
        """
        told = kind.told(request, _bring(request, file, kind.whose(request)))
        response = for_nobody_else(request, told)
        response.status_code, response["Location"] = 201, told.self
        return response

    @kind.offer("GET", "", Uploads, f"{kind.name}_uploads")
    def listed(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
        """Uploads, the latest first."""
        piece, following = page_of(kind.known(request).iterator(), asked.offset, asked.limit)
        told = [kind.told(request, upload) for upload in piece]
        return for_nobody_else(request, Uploads(uploads=told, next=next_address(request, "offset", following)))


def _offer_one(kind: Kind) -> None:
    """Following one upload, and stopping it."""

    @kind.offer("GET", "/{upload}", Uploaded, f"one_{kind.name}_upload", troubles=(404,))
    def one(request: HttpRequest, upload: int = NUMBER) -> HttpResponse:
        """What has become of an upload."""
        return for_nobody_else(request, kind.told(request, kind.one(request, upload)))

    @kind.offer("DELETE", "/{upload}", Uploaded, f"cancel_{kind.name}_upload", troubles=(404, 409))
    def cancel(request: HttpRequest, upload: int = NUMBER) -> HttpResponse:
        """Stop an upload, while it waits or is being read; nothing of it is loaded then."""
        found, caller = kind.one(request, upload), request.auth  # type: ignore[attr-defined]
        try:
            actions.cancel(upload=found, by=caller.acting.person, acting_for=caller.organisation.code)
        except NotAllowed as why:
            raise Trouble(409, str(why)) from why
        found.refresh_from_db()
        return for_nobody_else(request, kind.told(request, found))


for each in (
    Kind("own", "Uploads", Scope.UPLOAD_OWN, own=True),
    Kind("published", "Uploads of published files", Scope.UPLOAD_PUBLISHED, own=False),
):
    _offer_all(each)
    _offer_one(each)
