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
    synced_at     timestamptz,          -- when it last had nothing left to send
    clock_skew_ms bigint,               -- the till's clock minus ours at its last batch
    operations    bigint      not null default 0,
    fiscal_at     timestamptz,          -- when it first told of a fiscal document; null while it has no fiscal registrar
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

-- What a fiscal registrar still has to make a document of, of the tills that have one. A row goes when both the operation
-- and its document are here, whichever came first; normally there are few.
create table fiscal_due (
    account_id  uuid        not null,
    journal_id  uuid        not null,
    number      bigint      not null,
    till_id     uuid        not null,
    at          timestamptz,         -- the till's clock at the operation; null while only the document is here
    received_at timestamptz not null,
    made        boolean     not null, -- the document is here
    primary key (account_id, journal_id, number)
);
create index fiscal_due_at on fiscal_due (account_id, at) where at is not null;

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
    account_id    uuid        not null,
    payment_id    uuid        not null,
    store_id      uuid        not null,
    till_id       uuid        not null,
    setting_id    uuid,                 -- null when the store had no bank
    bank          text        not null,
    bank_id       text        not null,
    amount        bigint      not null check (amount > 0),
    refunded      bigint      not null, -- what the bank has given back in all
    returned      bigint      not null, -- of it, what was asked for here
    refund_id     uuid,                 -- the refund that was sent and has no outcome yet
    refund_amount bigint      not null,
    refund_base   bigint      not null, -- what had gone back before it
    refund_taken  boolean     not null, -- the bank has said that it took it
    by_hand       boolean     not null, -- a person said that it is paid
    closing       boolean     not null, -- a cancel was sent that has no answer
    purpose       text        not null,
    expires_at    timestamptz not null,
    state         text        not null,
    payload       text        not null,
    words         text        not null, -- the bank's own word for the state
    trouble       text        not null,
    message       text        not null,
    revision      bigint      not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    paid_at       timestamptz,          -- when it was first known to be paid
    late_at       timestamptz,          -- paid after it was closed, and neither a sale nor a person has dealt with that
    named         bigint      not null, -- what operations of the tills say was sold for it,
    sold          bigint      not null, -- and that less what they say was given back
    cancel_at     timestamptz,          -- when somebody asked to close it; null when that is settled
    cancel_unpaid boolean     not null, -- the wish is for an unpaid payment only: one that turns out paid stays paid
    want_id       uuid,                 -- the refund that was asked for and is not sent yet
    want_amount   bigint      not null,
    missing_at    timestamptz,          -- when the bank first said that it has no trace of the payment, or of its refund
    asks          int         not null, -- questions to the bank since the last change: the pause grows with them
    ask_at        timestamptz,          -- when the bank is asked next; null when there is nothing to ask
    noticed_at    timestamptz,          -- when the bank last told of it by itself
    noticed_id    text        not null, -- the bank's id in what it told: asked with, never believed
    leased_until  timestamptz,          -- while in the future, one server process works on the payment
    primary key (account_id, payment_id)
);
create index payments_due on payments (setting_id, ask_at) where ask_at is not null;
create index payments_bank_id on payments (setting_id, bank_id) where bank_id <> '';
create index payments_created on payments (account_id, created_at desc, payment_id desc);
create index payments_paid on payments (account_id, paid_at) where paid_at is not null;
create index payments_trouble on payments (account_id, created_at) where trouble <> '' or late_at is not null;
create index payments_open on payments (account_id, expires_at)
    where state in ('creating', 'create_unknown', 'waiting', 'processing', 'cancelling');
-- Where the tills and the bank do not say the same: few, and found without looking at the rest.
create index payments_differ on payments (account_id, paid_at) where paid_at is not null and sold <> amount - refunded;
create index payments_unpaid on payments (account_id) where paid_at is null and named > 0;

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
    who        text        not null, -- the owner who decided; empty where nobody did
    reason     text        not null,
    primary key (account_id, payment_id, revision),
    foreign key (account_id, payment_id) references payments
);

-- Money that goes back because it was asked for here. The row is written before anything goes to a bank.
create table payment_refunds (
    account_id uuid        not null,
    payment_id uuid        not null,
    refund_id  uuid        not null,
    amount     bigint      not null check (amount > 0),
    state      text        not null, -- wanted, sent, unknown, done, failed
    till_id    uuid,                 -- who asked for it: a till,
    who        text        not null, -- or an owner
    reason     text        not null,
    message    text        not null, -- why it failed, in the bank's words
    wanted_at  timestamptz not null,
    sent_at    timestamptz,
    ended_at   timestamptz,
    primary key (account_id, payment_id, refund_id),
    foreign key (account_id, payment_id) references payments
);
create unique index payment_refunds_open on payment_refunds (account_id, payment_id) where state in ('wanted', 'sent', 'unknown');

-- Which operation of the tills names which payment. The payment may be unknown here: that is a trouble of its own.
create table payment_uses (
    account_id  uuid        not null,
    payment_id  uuid        not null,
    journal_id  uuid        not null,
    number      bigint      not null,
    store_id    uuid        not null,
    till_id     uuid        not null,
    kind        text        not null,
    amount      bigint      not null, -- above zero for what was sold, below for what was given back
    at          timestamptz not null, -- the till's clock
    received_at timestamptz not null,
    known       boolean     not null, -- there is such a payment, and the amount is counted in its row
    primary key (account_id, payment_id, journal_id, number)
);
create index payment_uses_unknown on payment_uses (account_id, received_at) where not known;

-- What a comparison with a bank found, or a person has closed. One row for a kind and a subject: found again it stays
-- closed unless the sums are other ones.
create table payment_findings (
    account_id uuid        not null,
    kind       text        not null, -- outside_refund, not_ours, not_at_bank, sums_differ, without_sale, without_payment
    subject    text        not null, -- a payment's id, a setting's id with the bank's, or a journal's with a number
    payment_id uuid,
    setting_id uuid,
    bank_id    text        not null,
    ours       bigint      not null, -- what the books say, in kopecks
    theirs     bigint      not null, -- what the bank says
    at         timestamptz not null, -- of the payment
    found_at   timestamptz not null,
    closed_at  timestamptz,
    who        text        not null, -- who closed it, and why
    reason     text        not null,
    primary key (account_id, kind, subject)
);
create index payment_findings_open on payment_findings (account_id, found_at) where closed_at is null;

-- One comparison with a bank's registry: of one setting and one day of the store.
create table reconciliations (
    account_id   uuid        not null,
    setting_id   uuid        not null,
    day          date        not null,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    leased_until timestamptz,
    tries        int         not null,
    who          text        not null, -- the owner who asked for it; empty when it was its time
    payments     int         not null, -- in the registry
    findings     int         not null,
    error        text        not null, -- why it could not be done; empty when it was
    primary key (account_id, setting_id, day),
    foreign key (account_id, setting_id) references bank_settings
);

-- How far the calls to a bank that its contract allows are used up, by all server processes together.
create table bank_paces (
    setting_id uuid        not null primary key,
    free_at    timestamptz not null -- when the contract would be free of all that was taken
);
