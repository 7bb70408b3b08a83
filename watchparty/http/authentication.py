"""Finds out who is asking, from a bearer token or the browser's cookies."""

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from watchparty.domain.errors import NotSignedIn
from watchparty.http.cookies import ACCESS, NO_COOKIES, REFRESH, Cookies, cookies_for
from watchparty.http.endpoint import PERSON
from watchparty.services.sessions import Sessions


class Authentication:
    """A wrong bearer token is answered with 401; a browser with stale cookies is merely signed out."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        self._sessions = sessions
        self._secure = secure

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        cookies: Cookies = ()
        if scheme.lower() == "bearer":
            request[PERSON] = self._sessions.identify(token.strip())
        elif ACCESS in request.cookies or REFRESH in request.cookies:
            cookies = await self._from_cookies(request)
        response = await handler(request)
        # A response that sets the cookies itself (somebody signs in or out) knows better.
        if not response.prepared and ACCESS not in response.cookies:
            set_cookies(response, cookies)
        return response

    async def _from_cookies(self, request: web.Request) -> Cookies:
        try:
            request[PERSON] = self._sessions.identify(request.cookies.get(ACCESS, ""))
            return ()
        except NotSignedIn:
            return await self._renewed(request)

    async def _renewed(self, request: web.Request) -> Cookies:
        """Pages are renewed on the way, since a person who opens one cannot; scripts ask for it themselves."""
        token = request.cookies.get(REFRESH)
        if token is None or not _opens_a_page(request):
            return ()
        try:
            session = await self._sessions.refresh(token)
        except NotSignedIn:
            return NO_COOKIES
        request[PERSON] = session.person
        return cookies_for(session, secure=self._secure)


def set_cookies(response: web.StreamResponse, cookies: Cookies) -> None:
    """Write them into a response; a value of None deletes the cookie."""
    for name, value, attributes in cookies:
        if value is None:
            response.del_cookie(name, **attributes)
        else:
            response.set_cookie(name, value, **attributes)


def _opens_a_page(request: web.Request) -> bool:
    return request.method == hdrs.METH_GET and "text/html" in request.headers.get(hdrs.ACCEPT, "")
