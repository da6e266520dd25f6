"""Who is there: sessions, people and forged forms, without leaving the event loop for those who are not signed in.

As in `headers`, Django's classes are called where they stand, because what they do on the way in only looks at cookies:
the session and the person are read from the database when something asks for them. Only a session that has changed is
written, and that in a thread.
"""

import contextvars
import functools

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.middleware import SessionMiddleware
from django.dispatch import receiver
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import SimpleLazyObject

from openpractice.web.config import seeing
from openpractice.web.config.headers import InLoop


class Sessions(SessionMiddleware):
    """Looked up when something asks for them, and written, in a thread, only when they have changed."""

    async def __acall__(self, request):
        self.process_request(request)
        response = await self.get_response(request)
        if request.session.modified or (request.session.accessed and request.session.session_key):
            return await sync_to_async(self.process_response, thread_sensitive=True)(request, response)
        return response

    def process_response(self, request, response):
        """What was made for somebody who is signed in is kept by no cache, an error page too, unless it says otherwise."""
        if request.session.accessed and request.session.session_key:
            response.setdefault("Cache-Control", "private, no-store")
        return super().process_response(request, response)


class CrossSite(InLoop, CsrfViewMiddleware):
    async def process_view(self, request, callback, callback_args, callback_kwargs):
        refuse = super().process_view(request, callback, callback_args, callback_kwargs)
        return await sync_to_async(refuse, thread_sensitive=True)() if refuse else None

    def _reject(self, request, reason):
        """The page that says no names whoever is signed in, which asks the database: not in the event loop."""
        return functools.partial(super()._reject, request, reason)


class People(InLoop, AuthenticationMiddleware):
    """Once somebody asks who is there, the database is told whose rows that person may see."""

    def __call__(self, request):
        if self.async_mode:
            return self.__acall__(request)
        # In a context of its own, as an asynchronous request has anyway: the thread goes on with what it knew before.
        return contextvars.copy_context().run(super().__call__, request)

    def process_request(self, request):
        seeing.begin()
        request.user = SimpleLazyObject(lambda: seeing.note(get_user(request)))
        request.auser = functools.partial(_known, request)

    def process_response(self, request, response):
        return response


async def _known(request):
    """The same person, for whoever waits in the event loop."""
    await sync_to_async(lambda: request.user.pk, thread_sensitive=True)()
    return request.user


@receiver(user_logged_in)
def _in(sender, user, **_) -> None:
    seeing.note(user)


@receiver(user_logged_out)
def _out(sender, **_) -> None:
    seeing.note(AnonymousUser())
