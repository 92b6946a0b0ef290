-- The catalogue: what came with price lists. What the shop itself does with its goods (stock, favourites) is in the
-- till's database, and names them by id. Sums are kopecks, quantities are thousandths.

create table groups (
    key      integer primary key,
    path     text not null unique,          -- the levels with a slash between them
    parent   text not null,                 -- the path above; empty at the top
    name     text not null,                 -- the last level
    path_en  text not null default '',      -- as the price list has it
    name_en  text not null default '',
    goods    integer not null default 0,    -- how many are in it and below
    branches integer not null default 0     -- how many groups are right below
) strict;
create index groups_parent on groups (parent, name);

-- A catalogue that came with one price list has its keys in the order of names, so that a search that stops at the
-- first goods stops at the first by name.
create table products (
    key         integer primary key,
    id          text not null,
    code        text,
    article     text not null default '',
    name        text not null,
    name_en     text not null default '',
    group_key   integer not null default 0,   -- zero: in no group
    unit        text not null,
    price       integer not null,
    vat         text not null,
    no_discount integer not null default 0,
    free_price  integer not null default 0,
    marked      integer not null default 0,   -- may only be sold with its marking code
    barcodes    text not null default '',     -- all of them, a line each, for showing; table barcodes is for finding
    packs       text not null default ''      -- register.Pack as JSON, for showing
) strict;
create unique index products_id on products (id);
create unique index products_code on products (code) where code is not null;
create index products_article on products (article) where article <> '';
create index products_group on products (group_key, name);

create table barcodes (
    barcode  text not null primary key,
    product  integer not null,
    quantity integer               -- of a pack; null for a single one
) strict, without rowid;

-- Search. All texts are cut into words and folded by the program, hence the plainest tokenizer; a word's place in its
-- text is never asked for, hence detail=none.
-- Every word of a product, for words that begin with what was typed.
create virtual table product_words using fts5 (
    words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='1 2 3'
);
-- Pieces of a product's barcodes, code and article, for the middles of these.
create virtual table product_numbers using fts5 (
    pieces, content='', contentless_delete=1, detail=none, tokenize='ascii'
);
-- The words that are in names, the most frequent first where one price list brought them, and their pieces of three
-- letters, for the middles of words. A word that no product has any more does no harm.
create table words (
    key   integer primary key,
    word  text not null unique,
    goods integer not null          -- how many have it, roughly: it steers the search and is never shown
) strict;
create virtual table word_pieces using fts5 (
    pieces, content='', contentless_delete=1, detail=none, tokenize='ascii'
);

-- Stock that a price list named and that is on its way to the till's database.
create table named_stock (
    seq      integer primary key,
    product  text not null,
    quantity integer not null
) strict;

create table last_import (
    one integer primary key check (one = 1),
    id  text not null
) strict;
insert into last_import (one, id) values (1, '');

create table schema_state (
    one    integer primary key check (one = 1),
    oldest integer not null      -- the oldest schema version that a program must know to work with this file
) strict;
insert into schema_state (one, oldest) values (1, 1);
