-- Times are milliseconds of Unix time in UTC, sums are kopecks, quantities are thousandths.

create table settings (
    name  text not null primary key,
    value text not null
) strict, without rowid;

create table cashiers (
    id       text not null primary key,
    name     text not null,
    pin_hash text not null,
    role     text not null,
    active   integer not null default 1
) strict;

-- Goods themselves are in the catalogue, a database of its own. This is what the shop has of those that it counts.
create table stock (
    product  text not null primary key,   -- the product's id
    quantity integer not null
) strict, without rowid;

-- How far the stock that the last price list named has been set.
create table stock_import (
    one    integer primary key check (one = 1),
    import text not null,
    seq    integer not null
) strict;

create table favourites (
    product text not null primary key,   -- the product's id
    place   integer not null
) strict, without rowid;

-- A journal is an append-only list of operations. The till writes to the newest one.
create table journals (
    seq          integer primary key,
    id           text not null unique,
    parent       text,                          -- the journal that it goes on from, after a fork
    opened_at    integer not null,
    acknowledged integer not null default 0,    -- the last operation that the server is known to have
    refused      text not null default ''       -- why the server takes no more of it
) strict;

create table operations (
    position integer primary key,         -- in the order of commit, across journals, without gaps
    journal  integer not null references journals (seq),
    number   integer not null,
    id       text not null unique,
    kind     text not null,
    at       integer not null,
    shift    integer not null,
    receipt  integer not null default 0,   -- within the shift; zero for what is no receipt
    total    integer not null default 0,   -- what it came to, never negative
    customer text,
    basis    text,                         -- id of the sale or the prepayment that it goes back to
    record   blob not null,                -- the bytes that are hashed and sent
    hash     blob not null,
    unique (journal, number)
) strict;
-- Every index of the history begins with what is looked for, then the kind, and ends in the position: so a page is read
-- in its order from any place in it. Days and shifts need none, being runs of operations.
create index operations_kind on operations (kind);
create index operations_receipt on operations (receipt, kind) where receipt > 0;
create index operations_total on operations (total, kind) where total > 0;
create index operations_customer on operations (customer, kind) where customer is not null;
create index operations_basis on operations (basis, kind) where basis is not null;

-- Projections: everything below can be computed again from the operations.
create table operation_lines (
    position integer not null references operations (position),
    line     integer not null,
    kind     text not null,                -- of the operation
    product  text not null,
    name     text not null,
    quantity integer not null,
    price    integer not null,
    sum      integer not null,
    vat      text not null,
    primary key (position, line)
) strict, without rowid;
create index operation_lines_product on operation_lines (product, kind, position);

create table operation_payments (
    position   integer not null references operations (position),
    payment    integer not null,
    kind       text not null,              -- of the operation
    method     text not null,
    amount     integer not null,
    given      integer not null default 0,
    change     integer not null default 0,
    qr_payment text,                       -- that paid it, or that was paid back
    primary key (position, payment)
) strict, without rowid;
create unique index operation_payments_qr on operation_payments (qr_payment)
    where qr_payment is not null and kind in ('sale', 'prepayment');
create index operation_payments_method on operation_payments (method, kind, position);

create table prepayments (
    id       text not null primary key,
    position integer not null references operations (position),
    name     text not null default '',     -- of the customer, and the remark: what it is found by
    total    integer not null,             -- of the order
    paid     integer not null,
    returned integer not null default 0,
    used     integer not null default 0,
    restored integer not null default 0
) strict, without rowid;
create index prepayments_open on prepayments (position) where paid - returned - used + restored > 0;

create table shifts (
    number    integer primary key,
    first     integer not null,            -- position of its first operation; its last one stands before the next shift's
    opened_at integer not null,
    closed_at integer,
    counted   integer,                     -- cash that was counted at the end
    cashier   text not null,               -- who opened it
    totals    text not null                -- register.Totals as JSON
) strict;

-- Runs of operations and their times, by which days are found: the clock may have been set back. The newest operations
-- are in none yet.
create table operation_spans (
    first    integer primary key,   -- position
    last     integer not null,
    earliest integer not null,      -- of their times
    latest   integer not null
) strict;

create table drawer (
    one     integer primary key check (one = 1),
    balance integer not null
) strict;
insert into drawer (one, balance) values (1, 0);

-- Work and drafts.
create table print_jobs (
    seq        integer primary key,
    id         text not null unique,
    operation  integer references operations (position),
    name       text not null,        -- sale, copy, qr, shift
    about      text not null default '', -- what it is of no use without: a QR payment
    document   text not null,        -- printer.Document as JSON
    state      text not null,        -- waiting, sending, sent, confirmed, doubt, dropped
    reason     text not null default '', -- of doubt, and of being dropped
    expires_at integer,              -- it is not printed later than this
    created_at integer not null,
    updated_at integer not null
) strict;
create index print_jobs_open on print_jobs (seq) where state in ('waiting', 'sending', 'doubt');

-- What a fiscal registrar is to make, in the order of the operations. A document is on the disk with its operation; what the
-- registrar made of it is an operation of its own, and the row is kept for a while after that.
create table fiscal_documents (
    seq        integer primary key,
    id         text not null unique,     -- the mark that the document bears
    operation  integer references operations (position), -- null: of none, for the device's own shift
    kind       text not null,            -- fiscal.Kind
    total      integer not null,
    document   text not null,            -- fiscal.Document as JSON
    state      text not null,            -- waiting, sending, unclear, refused, done, dropped
    try        text,                     -- fiscal.Try as JSON: on the disk before the registrar hears of it
    trouble    text not null default '', -- what stood in the way last
    message    text not null default '', -- the registrar's words
    receipt    text,                     -- fiscal.Receipt as JSON
    decided    text not null default '', -- who had it made again when the registrar could not tell
    unprinted  integer not null default 0, -- it is made, and not on paper yet
    created_at integer not null,
    updated_at integer not null
) strict;
create index fiscal_documents_open on fiscal_documents (state, (operation is not null), seq)
    where state in ('waiting', 'sending', 'unclear', 'refused');
create index fiscal_documents_unprinted on fiscal_documents (seq) where unprinted = 1;
create index fiscal_documents_operation on fiscal_documents (operation) where operation is not null;

-- One code, and what it is for. A receipt may have several, one after the other, of which at most one can be paid.
create table qr_payments (
    id          text not null primary key,
    receipt     text not null,           -- id of the receipt's first code
    kind        text not null,           -- of the operation that it becomes: sale, prepayment
    setting     text not null default '', -- which of the till's bank settings it was made by; server; empty: the only one
    state       text not null,
    attempt     text not null,           -- banks.Attempt as JSON
    cart        text not null,           -- register.Draft as JSON: what it is for
    total       integer not null,
    shift       integer not null,
    cashier     text not null,
    created_at  integer not null,
    updated_at  integer not null,
    put_away_at integer,                 -- the cashier had done with it, unpaid
    asked_at    integer,                 -- when the bank last answered after that
    late_at     integer,                 -- when money came after that
    operation   integer references operations (position), -- that it paid
    sold        integer references operations (position)  -- that its receipt became, by this code or otherwise
) strict;
create index qr_payments_open on qr_payments (created_at) where operation is null and put_away_at is null;
create index qr_payments_late on qr_payments (put_away_at) where operation is null and put_away_at is not null;
create index qr_payments_receipt on qr_payments (receipt);

-- Money that goes back by QR: the return that it becomes is written when the bank has said that it went back.
create table qr_refunds (
    id         text not null primary key,
    payment    text not null references qr_payments (id),
    try        text not null,            -- the id that the bank knows; a new one whenever it is tried again
    state      text not null,            -- sending, pending, unclear, refused, done
    trouble    text not null default '', -- why it was refused
    message    text not null default '', -- the bank's words
    kind       text not null,            -- of the operation that it becomes: return, prepayment_return
    basis      text not null,            -- id of the sale or the prepayment
    amount     integer not null,
    body       text not null,            -- the operation's, without its receipt number
    cashier    text not null,
    approved   text not null default '',
    created_at integer not null,
    updated_at integer not null,
    operation  integer references operations (position), -- that it became
    dropped    integer not null default 0                -- nothing went back, and the cashier gave it up
) strict;
create unique index qr_refunds_open on qr_refunds (basis) where operation is null and dropped = 0;
create unique index qr_refunds_payment on qr_refunds (payment) where operation is null and dropped = 0;

create table qr_events (
    seq     integer primary key,
    payment text not null references qr_payments (id),
    at      integer not null,
    state   text not null,
    cause   text not null
) strict;
create index qr_events_payment on qr_events (payment, seq);

create table draft (
    one     integer primary key check (one = 1),
    cart    text not null,               -- register.Draft as JSON
    receipt text not null default ''     -- as in qr_payments, when a code for it was put away
) strict;

create table held_receipts (
    id      text not null primary key,
    at      integer not null,
    name    text not null,
    cashier text not null,
    lines   integer not null,
    total   integer not null,
    cart    text not null,            -- register.Draft as JSON
    receipt text not null default ''  -- as in draft
) strict;

create table customers (
    key      integer primary key,
    id       text not null unique,
    name     text not null,
    phone    text not null default '',
    email    text not null default '',
    card     text,
    discount integer not null default 0,
    words    text not null            -- what it is found by: name, phone, card, e-mail in lower case
) strict;
create unique index customers_card on customers (card) where card is not null;
create index customers_name on customers (name, id);
create virtual table customer_words using fts5 (
    words, content='', contentless_delete=1, tokenize="trigram", detail='none'
);

create table schema_state (
    one    integer primary key check (one = 1),
    oldest integer not null      -- the oldest schema version that a program must know to work with this file
) strict;
insert into schema_state (one, oldest) values (1, 1);
