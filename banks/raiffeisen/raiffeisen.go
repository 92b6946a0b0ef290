// Package raiffeisen speaks Raiffeisenbank's SBP API (the bank's public repository Raiffeisen-DGTL/ecom-API, sbp.yaml of
// 2021, and its Java SDK of 2022): SBP payments by dynamic QR.
//
// A code is registered under our id, which the bank calls the order; the bank's own id of it, qrId, is the only one by
// which it can be asked for. payment-info tells of the money, the code's own page of its life; DELETE closes an unpaid
// code. A refund carries an id of ours and is asked for by it. Sums are roubles with a decimal point: they are read and
// written as text, digit by digit, and never as floating point.
//
// Two things about this API shape the code. There is no look-up by order, so a registration whose answer was lost leaves
// a code that nobody can ask for, show or pay; only a notification, which names both ids, can tell of it. And the total
// that went back is told nowhere: of refunds that somebody makes in the bank's cabinet this interface knows nothing, they
// come with the registry that the bank sends by e-mail.
package raiffeisen

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
)

// Production is the bank's address; https://pay-test.raif.ru is the one for tests.
const Production = "https://pay.raif.ru"

// The names of the fields beside those that every adapter has.
const (
	FieldSecretKey = "secret_key"
	FieldMerchant  = "sbp_merchant_id"
	FieldAccount   = "account"
)

const name = "raiffeisen"

// The limits. The bank's document names a smallest sum of one kopeck (of a refund; a published code is for one kopeck,
// too) and no pace; the largest sum and the longest life are SBP's own, the rest is what we keep to.
var capabilities = banks.Capabilities{
	MinAmount: 1,
	MaxAmount: 1_000_000_00,
	MinLife:   time.Minute,
	MaxLife:   90 * 24 * time.Hour,
	Poll:      3 * time.Second,
	Rate:      10, // a look at a code that waits takes two calls

	PartialRefund: true,
	RefundID:      true,
	Close:         true,
}

// Adapter describes the bank for the page where an owner chooses it.
func Adapter() banks.Adapter {
	a := banks.Adapter{
		Name:  name,
		Title: banks.Text{Ru: "Райффайзенбанк, СБП", En: "Raiffeisenbank, SBP"},
		Fields: []banks.Field{
			{
				Name:     banks.FieldURL,
				Label:    banks.Text{Ru: "Адрес банка", En: "The bank's address"},
				Hint:     banks.Text{Ru: "Для проверки с тестовым договором: https://pay-test.raif.ru", En: "For trials with a test contract: https://pay-test.raif.ru"},
				Optional: true,
				Default:  Production,
			},
			{
				Name:   FieldSecretKey,
				Label:  banks.Text{Ru: "Секретный ключ", En: "Secret key"},
				Hint:   banks.Text{Ru: "secretKey из личного кабинета, вкладка «Приём платежей»", En: "secretKey from the bank's cabinet, the page on taking payments"},
				Secret: true,
			},
			{
				Name:  FieldMerchant,
				Label: banks.Text{Ru: "Номер магазина в СБП", En: "The shop's number in SBP"},
				Hint:  banks.Text{Ru: "sbpMerchantId, например MA0000000552", En: "sbpMerchantId, such as MA0000000552"},
			},
			{
				Name:     FieldAccount,
				Label:    banks.Text{Ru: "Счёт зачисления", En: "The account that is paid to"},
				Hint:     banks.Text{Ru: "20 цифр; нужен, если счетов несколько", En: "20 digits; needed where there are several"},
				Optional: true,
			},
			{
				Name:     banks.FieldCA,
				Label:    banks.Text{Ru: "Сертификаты, которым доверять", En: "Certificates to trust"},
				Hint:     banks.Text{Ru: "В виде PEM, в дополнение к системным", En: "In PEM, in addition to the system's"},
				Long:     true,
				Optional: true,
			},
		},
	}
	a.Open = func(s banks.Settings, o banks.Options) (banks.Bank, error) {
		s, err := a.Check(s)
		if err != nil {
			return nil, fmt.Errorf("raiffeisen: %w", err)
		}
		return open(s, o)
	}
	return a
}

// Bank is one shop's contract. It is safe for concurrent use.
type Bank struct {
	merchant string
	account  string // of twenty digits, or empty
	http     *bankhttp.Client
	clock    func() time.Time
	// The secret key lives in these alone, where nothing that prints a Bank can reach it.
	authorize func() string
	sign      func(text string) []byte
	redact    func(text string) string
}

var (
	merchantID = regexp.MustCompile(`^[A-Za-z0-9]{1,12}$`)
	accountID  = regexp.MustCompile(`^[0-9]{20}$`)
	keyText    = regexp.MustCompile(`^[!-~]{8,1000}$`) // it stands in a header
)

// open makes the bank of settings that are complete.
func open(s banks.Settings, o banks.Options) (*Bank, error) {
	key := s[FieldSecretKey]
	switch {
	case !keyText.MatchString(key):
		return nil, fmt.Errorf("raiffeisen: %w: %s is no key", banks.ErrSettings, FieldSecretKey)
	case !merchantID.MatchString(s[FieldMerchant]):
		return nil, fmt.Errorf("raiffeisen: %w: %s has 1 to 12 letters and digits", banks.ErrSettings, FieldMerchant)
	case s[FieldAccount] != "" && !accountID.MatchString(s[FieldAccount]):
		return nil, fmt.Errorf("raiffeisen: %w: %s has 20 digits", banks.ErrSettings, FieldAccount)
	}
	client, err := bankhttp.New(bankhttp.Config{
		BaseURL: s[banks.FieldURL], CA: s[banks.FieldCA], Timeout: o.Timeout, Public: o.Public, Transport: o.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("raiffeisen: %w", err)
	}
	clock := o.Clock
	if clock == nil {
		clock = time.Now
	}
	return &Bank{
		merchant:  s[FieldMerchant],
		account:   s[FieldAccount],
		http:      client,
		clock:     clock,
		authorize: func() string { return "Bearer " + key },
		sign:      func(text string) []byte { return mac(key, text) },
		redact:    func(text string) string { return strings.ReplaceAll(text, key, "***") },
	}, nil
}

// Name is "raiffeisen".
func (b *Bank) Name() string { return name }

// Can tells what the bank can do.
func (b *Bank) Can() banks.Capabilities { return capabilities }

// Check asks for a refund that does not exist, which proves the address and the key, and then registers a code of one
// rouble and closes it at once, which proves the merchant and the account: the bank has no other call that names them.
// Nobody sees the code, so nobody can pay it.
func (b *Bank) Check(ctx context.Context) error {
	const id = "kassa-check"
	if _, err := b.refundInfo(ctx, id); err != nil && !errors.Is(err, errNoRefund) {
		return err
	}
	made, err := b.register(ctx, banks.Request{ID: id, Amount: 1_00, Expires: b.clock().Add(capabilities.MinLife)})
	if err != nil {
		return err
	}
	return b.remove(ctx, made.id)
}
