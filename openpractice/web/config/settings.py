"""Django's settings. What a person may change is in `environment.py`; the rest is the same everywhere."""

from csp.constants import NONCE, NONE, SELF

from openpractice.web.config import counted, environment, logs, static

HOME = environment.home()
SECRET_KEY = environment.secret_key(HOME)
DEBUG = environment.yes("OPENPRACTICE_DEBUG")
ALLOWED_HOSTS = environment.names("OPENPRACTICE_ALLOWED_HOSTS")
DATABASES = {"default": environment.database(HOME)}
DATABASE_OWNER = environment.database_owner()

ROOT_URLCONF = "openpractice.web.config.urls"
ASGI_APPLICATION = "openpractice.web.config.asgi.application"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "openpractice.web",
    "openpractice.web.accounts",
    "openpractice.web.organisations",
    "openpractice.web.audit",
    "openpractice.web.agreements",
    "openpractice.web.own",
    "openpractice.web.sharing",
    "openpractice.web.uploads",
    "openpractice.web.api",
    "openpractice.web.demo",
    "openpractice.web.explore",
]
# Open data need no login. Sessions and people are looked up only by pages that ask who is there.
MIDDLEWARE = [
    "openpractice.web.config.headers.ContentSecurityPolicy",  # outermost: an error page needs its nonce too
    "openpractice.web.config.headers.Security",
    "openpractice.web.config.bodies.NotTaken",
    "openpractice.web.config.visitors.Sessions",
    "openpractice.web.config.headers.Common",
    "openpractice.web.config.visitors.CrossSite",
    "openpractice.web.config.visitors.People",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "openpractice.web.config.templates.environment", "auto_reload": DEBUG},
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},  # allauth's own emails
]

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# allauth's limits on attempts, and the interface's for programs. Full, the table forgets a tenth.
CACHES = {
    "default": {
        "BACKEND": "openpractice.web.config.counted.Counted",
        "LOCATION": counted.TABLE,
        "KEY_FUNCTION": "openpractice.web.config.counted.key",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "you"
SESSION_COOKIE_NAME = "openpractice"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long day's work
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "openpractice.web.frame.forged"

# People come by invitation, so nobody signs up by themselves; see accounts/adapter.py.
ACCOUNT_ADAPTER = "openpractice.web.accounts.adapter.Accounts"
SOCIALACCOUNT_ADAPTER = "openpractice.web.accounts.adapter.IdentityProviders"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # a link that was mailed proves an address; see accounts/actions.py
ACCOUNT_FORMS = {
    "login": "openpractice.web.accounts.forms.SignIn",
    "reset_password": "openpractice.web.accounts.forms.ForgottenPassword",
    "reset_password_from_key": "openpractice.web.accounts.forms.ChosenPassword",
    "set_password": "openpractice.web.accounts.forms.FirstPassword",
    "change_password": "openpractice.web.accounts.forms.ChangedPassword",
    "reauthenticate": "openpractice.web.accounts.forms.PasswordAgain",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # here one stays; a session made with the old password ends elsewhere
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole hospital may stand behind one network address. See accounts/adapter.py for what is counted by key.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key,20/h/key", "guessed": "200/h/key"}
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: our policy forbids a form that leads to another site
SOCIALACCOUNT_PROVIDERS = environment.identity_providers()
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OpenPractice"
MFA_TOTP_TOLERANCE = 1  # the code before and after too: phones' clocks differ, and people type slowly (RFC 6238, 5.2)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # they go when the address is first proven, with whatever was set up before
MFA_ADAPTER = "openpractice.web.accounts.adapter.SecondFactors"
MFA_FORMS = {
    "authenticate": "openpractice.web.accounts.forms.Code",
    "reauthenticate": "openpractice.web.accounts.forms.CodeAgain",
    "activate_totp": "openpractice.web.accounts.forms.FirstCode",
    "add_webauthn": "openpractice.web.accounts.forms.NewPasskey",
    "edit_webauthn": "openpractice.web.accounts.forms.RenamedPasskey",
}
EMAIL_BACKEND, _email = environment.email(HOME)
globals().update(_email)
SENDS_EMAIL = EMAIL_BACKEND.endswith(".smtp.EmailBackend")  # else an invitation's link is shown, to be passed on

# Nothing may run or be fetched that this server did not send. A page works without any script.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
if environment.yes("OPENPRACTICE_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # attempts are counted for the visitor, not for the proxy

API_OPEN_A_MINUTE = environment.number("OPENPRACTICE_API_OPEN")
API_TOKEN_A_MINUTE = environment.number("OPENPRACTICE_API_TOKEN")

# A file that somebody brings is read by the worker, whose queue lies in the same database.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "openpractice.web.config.passing.NamelessFiles",
]
LARGEST_UPLOAD = environment.megabytes("OPENPRACTICE_LARGEST_UPLOAD")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = static.collected(HOME)
STORAGES = {"staticfiles": {"BACKEND": "openpractice.web.config.static.Storage"}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False  # one language; saves a translation look-up for every word
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = logs.configured(environment.one_of("OPENPRACTICE_LOG", *logs.KINDS))
METRICS_TOKEN = environment.secret("OPENPRACTICE_METRICS_TOKEN")
LEAST_ROOM = environment.megabytes("OPENPRACTICE_LEAST_ROOM")
