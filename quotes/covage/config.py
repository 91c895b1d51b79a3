"""Where the operator is and how long we wait for it, as plain values."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    """`api_url` is an origin, `/api/v1/…` is added; `token_url` is the whole address. Timeouts are in seconds."""

    api_url: str
    token_url: str
    client_id: str
    username: str
    password: str = field(repr=False)
    connect_timeout: float = 3
    read_timeout: float = 10
    total_timeout: float = 20
    user_agent: str = "covage-portal/0.1.0"
