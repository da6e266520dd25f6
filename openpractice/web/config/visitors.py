"""Who is there: sessions, people and forged forms, without leaving the event loop for those who are not signed in.

As in `headers`, Django's classes are called where they stand, because what they do on the way in only looks at cookies:
the session and the person are read from the database when something asks for them. Only a session that has changed is
written, and that in a thread.
"""

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware

from openpractice.web.config.headers import InLoop


class Sessions(SessionMiddleware):
    async def __acall__(self, request):
        self.process_request(request)
        response = await self.get_response(request)
        if request.session.modified or (request.session.accessed and request.session.session_key):
            return await sync_to_async(self.process_response, thread_sensitive=True)(request, response)
        return response


class CrossSite(InLoop, CsrfViewMiddleware):
    async def process_view(self, request, callback, callback_args, callback_kwargs):
        return super().process_view(request, callback, callback_args, callback_kwargs)


class People(InLoop, AuthenticationMiddleware):
    def process_response(self, request, response):
        return response
