"""Settings: read once from GATEPOST_* (environment), passed down, never read again elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.accounts.terms import Terms
from app.actors import Role


class Settings(BaseSettings):
    """Every setting Gatepost has; the README's table is held equal to this by a test."""

    model_config = SettingsConfigDict(env_prefix="GATEPOST_", frozen=True, extra="ignore")

    data: Path = Field(default=Path.home() / ".gatepost", description="the one data folder: database and pictures")
    key_file: Path | None = Field(
        default=None, description="the key file; None: beside the data folder, its name and `.key`"
    )
    key: SecretStr | None = Field(
        default=None, description="the key itself instead of a file: base64, several with commas, newest first"
    )
    checkpoints: Path | None = Field(
        default=None,
        description="folder outside the data folder that gets each checkpoint of the audit trail; None: no such copies",
    )
    host: str = Field(default="127.0.0.1", description="where serve listens; beyond this machine behind TLS only")
    port: int = Field(default=8000, ge=0, le=65535, description="the port serve listens on; 0 takes a free one")
    public_url: str | None = Field(
        default=None, description="how browsers reach it, `https://gatepost.school.example`; needed beyond this machine"
    )
    tls_certificate: Path | None = Field(
        default=None, description="the certificate with its chain, PEM, where serve ends TLS itself"
    )
    tls_key: Path | None = Field(default=None, description="the certificate's private key, PEM, without a passphrase")
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks, with commas, of the reverse proxy that ends TLS; it alone may say who asks",
    )
    header_seconds: float = Field(
        default=10.0, gt=0, description="seconds in which a request must have said what it wants"
    )
    stall_seconds: float = Field(
        default=30.0, gt=0, description="seconds without a byte after which a transfer is cut off"
    )
    connections: int = Field(default=400, ge=1, description="connections at the same time")
    connections_per_address: int = Field(
        default=60, ge=1, description="connections at the same time from one address; proxies are not counted"
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="how a line of the log is written: json or text"
    )
    max_pictures: int = Field(default=150, ge=1, description="pictures in one draft")
    max_picture_bytes: int = Field(default=40_000_000, ge=1, description="bytes of one picture")
    max_request_bytes: int = Field(
        default=1_500_000_000, ge=1, description="bytes of one request, checked while it arrives"
    )
    max_text: int = Field(default=10_000, ge=1, description="characters of a caption or an alt text")
    quota_drafts: int = Field(default=300, ge=1, description="drafts that one person or key may hand in in an hour")
    quota_pictures: int = Field(
        default=5000, ge=1, description="pictures that one person or key may hand in in a day, revisions not counted"
    )
    picture_seconds: float = Field(
        default=60.0, gt=0, description="wall clock seconds one picture may take to be looked at"
    )
    picture_memory: int = Field(
        default=3_000_000_000, gt=0, description="bytes of memory the process that looks may take"
    )
    picture_threads: int = Field(
        default=0,
        ge=0,
        description="processors one picture may use, 0 for all; with several workers give each its share",
    )
    ocr: Literal["rapidocr", "easyocr", "both"] = Field(
        default="rapidocr", description="what reads texts in pictures: rapidocr, easyocr or both"
    )
    easyocr_weights: Path | None = Field(
        default=None, description="the folder with EasyOCR's weights; None: models/easyocr in the data folder"
    )
    second_factor: str = Field(
        default="office,lead,administrator",
        description="the roles that need a second factor to sign in, with commas; empty: nobody does",
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, le=120, description="minutes without a request after which somebody must sign in again"
    )
    session_hours: int = Field(
        default=12, ge=1, le=24, description="hours after which somebody must sign in again in any case"
    )
    lease_seconds: float = Field(
        default=20.0,
        gt=0,
        description="after this long without a sign of life a job is given to another worker",
    )
    oidc_google_client_id: str | None = Field(default=None, description="sign-in with Google: the client's id")
    oidc_google_client_secret: SecretStr | None = Field(default=None, description="the client's secret at Google")
    oidc_google_domain: str | None = Field(
        default=None, description="the school's Google Workspace domain; nobody else is let in"
    )
    oidc_microsoft_client_id: str | None = Field(
        default=None, description="sign-in with Microsoft Entra: the application's id"
    )
    oidc_microsoft_client_secret: SecretStr | None = Field(
        default=None, description="the application's secret at Microsoft"
    )
    oidc_microsoft_tenant: str | None = Field(
        default=None, description="the school's own tenant id, as letters and digits; nobody else is let in"
    )
    oidc_issuer: str | None = Field(default=None, description="sign-in with another OpenID provider: its issuer")
    oidc_client_id: str | None = Field(default=None, description="the client's id at the other provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="the client's secret at the other provider")
    oidc_name: str = Field(default="the school's sign-in", description="what the other provider is called on the pages")
    oidc_provider_mfa: bool = Field(
        default=False, description="whether a second factor given to a provider (`amr`: mfa) counts as Gatepost's own"
    )
    max_attempts: int = Field(default=3, ge=1, description="tries of one job before its draft fails and stays blocked")

    @field_validator("second_factor")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        unknown = sorted({each.strip() for each in value.split(",") if each.strip()} - set(Role))
        if unknown:
            raise ValueError(f"There is no role {unknown[0]}: name some of {', '.join(Role)}, or nothing.")
        return value

    @model_validator(mode="after")
    def _checkpoints_outside(self) -> Self:
        """Whoever puts an older data folder back must not put the older checkpoints back with it."""
        if self.checkpoints is not None and self.checkpoints.resolve().is_relative_to(self.data.resolve()):
            raise ValueError(
                "GATEPOST_CHECKPOINTS lies in the data folder. Choose a folder elsewhere, best another disk."
            )
        return self

    @property
    def terms(self) -> Terms:
        """How people sign in."""
        roles = frozenset(Role(each.strip()) for each in self.second_factor.split(",") if each.strip())
        return Terms(timedelta(minutes=self.session_idle_minutes), timedelta(hours=self.session_hours), roles)

    @property
    def database(self) -> Path:
        return self.data / "gatepost.db"

    @property
    def key_path(self) -> Path:
        """Where the key file lies, whether or not it is used."""
        return self.key_file or self.data.with_name(f"{self.data.name}.key")

    @property
    def weights(self) -> Path:
        """The folder with EasyOCR's weights."""
        return self.easyocr_weights or self.data / "models" / "easyocr"

    @property
    def pictures(self) -> Path:
        return self.data / "pictures"

    @property
    def people(self) -> Path:
        """The folder with the files of people: reference photos, scans of written answers."""
        return self.data / "people"
