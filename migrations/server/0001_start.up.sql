-- Every table starts with the account: accounts never see each other, and every query names one. Times are UTC. Sums are
-- kopecks.

create table accounts (
    account_id uuid primary key,
    name       text        not null,
    created_at timestamptz not null
);

-- Whoever may look into the back office.
create table owners (
    account_id uuid        not null references accounts,
    owner_id   uuid        not null,
    login      text        not null, -- in lower case
    password   text        not null, -- argon2id, with its parameters and salt
    created_at timestamptz not null,
    primary key (account_id, owner_id)
);
create unique index owners_login on owners (login);

create table web_sessions (
    account_id uuid        not null,
    owner_id   uuid        not null,
    token_hash bytea       not null primary key, -- SHA-256 of the cookie
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null,
    foreign key (account_id, owner_id) references owners on delete cascade
);
create index web_sessions_expiry on web_sessions (expires_at);

create table stores (
    account_id uuid        not null references accounts,
    store_id   uuid        not null,
    name       text        not null,
    time_zone  text        not null, -- of the tz database: Europe/Moscow
    created_at timestamptz not null,
    primary key (account_id, store_id),
    unique (account_id, name)
);

create table tills (
    account_id    uuid        not null,
    till_id       uuid        not null,
    store_id      uuid        not null,
    name          text        not null,
    version       text        not null, -- the program's, when it was paired
    secret_hash   bytea       not null, -- SHA-256: the secret is 256 random bits
    paired_at     timestamptz not null,
    revoked_at    timestamptz,
    seen_at       timestamptz,
    clock_skew_ms bigint,               -- the till's clock minus ours at its last batch
    operations    bigint      not null default 0,
    primary key (account_id, till_id),
    foreign key (account_id, store_id) references stores
);
create unique index tills_secret on tills (secret_hash);

-- A code is two parts: the selector finds the row, the verifier is compared. Wrong verifiers are counted, and a few of
-- them kill the code.
create table pairing_codes (
    account_id    uuid        not null,
    store_id      uuid        not null,
    selector      text        not null primary key,
    verifier_hash bytea       not null,
    wrong         int         not null default 0,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz,
    till_id       uuid,
    foreign key (account_id, store_id) references stores
);

-- How far the server has each journal. The row is locked by whoever appends, which makes the numbers gapless and each
-- operation stored once, with no unique index over the big table.
create table journals (
    account_id  uuid        not null references accounts,
    journal_id  uuid        not null,
    till_id     uuid        not null,
    number      bigint      not null,
    hash        bytea       not null check (octet_length(hash) = 32),
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    forked_at   timestamptz,         -- when another history with the same numbers was last offered
    fork_number bigint,              -- the first number where it differed
    primary key (account_id, journal_id)
);

-- The history, by month of receipt. record and hash are the truth; the other columns are read out of the record for
-- lists and can always be read again.
create table operations (
    account_id  uuid        not null,
    store_id    uuid        not null,
    till_id     uuid        not null,
    journal_id  uuid        not null,
    number      bigint      not null,
    received_at timestamptz not null,
    hash        bytea       not null,
    record      bytea       not null, -- the very bytes that the till stored
    at          timestamptz not null, -- the till's clock; the time of receipt where that cannot be
    kind        text        not null,
    version     bigint      not null,
    shift       bigint      not null,
    cashier     text        not null,
    receipt     bigint,
    total       bigint,                          -- what it moved; below zero where the money went out
    method      text        not null default '', -- how it was paid, where it was: cash, card, qr, prepaid, mixed
    basis_journal uuid,                          -- the operation that this one goes back to: a return's sale, and
    basis_number  bigint,                        -- the prepayment of what is handed over or paid back
    aside       text        not null default ''  -- why it was set aside; empty when it was understood
) partition by range (received_at);
create index operations_number on operations (account_id, journal_id, number);
create index operations_at on operations (account_id, at desc, journal_id desc, number desc);
create index operations_till on operations (account_id, till_id, at desc, journal_id desc, number desc);
-- Sales are most of the history, and found by the index over all.
create index operations_kind on operations (account_id, kind, at desc, journal_id desc, number desc) where kind <> 'sale';
create index operations_basis on operations (account_id, basis_journal, basis_number) where basis_number is not null;
create index operations_aside on operations (account_id, at desc) where aside <> '';

-- A safety net for a month whose partition was not made in time; normally empty.
create table operations_default partition of operations default;

-- A store's bank. A row is never changed but retired: payments made with it are asked for with it. All rows of a store
-- are the record of who chose what and when.
create table bank_settings (
    account_id uuid        not null,
    store_id   uuid        not null,
    setting_id uuid        not null,
    bank       text        not null, -- the adapter's name: "tbank"
    settings   bytea       not null, -- all its fields as JSON, AES-256-GCM under the server's key
    created_at timestamptz not null,
    created_by text        not null, -- the owner's login; empty for the command line
    retired_at timestamptz,
    retired_by text        not null default '',
    primary key (account_id, setting_id),
    foreign key (account_id, store_id) references stores
);
create unique index bank_settings_current on bank_settings (account_id, store_id) where retired_at is null;
-- A bank that tells of a payment names the setting and no account.
create unique index bank_settings_id on bank_settings (setting_id);

create table payments (
    account_id   uuid        not null,
    payment_id   uuid        not null,
    store_id     uuid        not null,
    till_id      uuid        not null,
    setting_id   uuid,                 -- null when the store had no bank
    bank         text        not null,
    bank_id      text        not null,
    amount       bigint      not null check (amount > 0),
    refunded     bigint      not null,
    purpose      text        not null,
    expires_at   timestamptz not null,
    state        text        not null,
    payload      text        not null,
    words        text        not null, -- the bank's own word for the state
    trouble      text        not null,
    message      text        not null,
    revision     bigint      not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    cancel_at    timestamptz,          -- when the till asked to cancel or refund; null when that is settled
    cancel_unpaid boolean   not null, -- the wish is for an unpaid payment only: one that turns out paid stays paid
    missing_at   timestamptz,          -- when the bank first said that it knows of no such payment
    asks         int         not null, -- questions to the bank since the last change: the pause grows with them
    ask_at       timestamptz,          -- when the bank is asked next; null when there is nothing to ask
    leased_until timestamptz,          -- while in the future, one server process works on the payment
    primary key (account_id, payment_id)
);
create index payments_due on payments (ask_at) where ask_at is not null;
create index payments_created on payments (account_id, created_at desc, payment_id desc);
create index payments_trouble on payments (account_id, created_at) where trouble <> '';

-- The story of a payment: one row for each of its revisions.
create table payment_events (
    account_id uuid        not null,
    payment_id uuid        not null,
    revision   bigint      not null,
    at         timestamptz not null,
    cause      text        not null, -- created, create, ask, cancel_wanted, cancel, …
    state      text        not null, -- after the event
    refunded   bigint      not null,
    trouble    text        not null,
    words      text        not null,
    message    text        not null,
    primary key (account_id, payment_id, revision),
    foreign key (account_id, payment_id) references payments
);
