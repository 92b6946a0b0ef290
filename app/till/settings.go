package till

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"kassa/localdb"
	"kassa/printer/slip"
	"kassa/register"
)

// Settings are what a shop chooses. The zero value is not usable: DefaultSettings is.
type Settings struct {
	Shop    Shop            `json:"-"`
	Printer PrinterSettings `json:"-"`
	Fiscal  FiscalSettings  `json:"-"` // changed by Till.SetFiscal alone

	MaxDiscount register.Percent     `json:"max_discount"` // the most that may be taken off by hand
	VATOnTop    bool                 `json:"vat_on_top"`   // prices hold no VAT
	Stock       StockControl         `json:"stock"`
	Scales      []register.ScaleMask `json:"scales"`
	Card        bool                 `json:"card"`  // a card terminal stands beside the till
	Notes       []register.Money     `json:"notes"` // that buyers pay with, for one touch

	ReturnWithoutSale bool `json:"return_without_sale"` // goods may come back with no receipt
	ReturnOtherShift  bool `json:"return_other_shift"`  // goods of an earlier shift may come back
	CountCash         bool `json:"count_cash"`          // the drawer is counted when a shift is closed
	PrintReceipts     bool `json:"print_receipts"`      // a slip for every receipt, unasked

	Slip slip.Form `json:"slip,omitzero"` // how slips look; its logo is kept under a name of its own

	Sounds      bool `json:"sounds"`
	BuyerWindow bool `json:"buyer_window"` // a second window turned to the buyer
	FullScreen  bool `json:"full_screen"`  // the till's window fills the screen, without a frame
	Keys        Keys `json:"keys,omitempty"`

	Rights map[Right]Role `json:"rights"` // the least role that may do it by itself
}

// StockControl tells what is done when more is sold than the shop has.
type StockControl string

// The ways to treat stock.
const (
	StockOff    StockControl = "off"    // not shown
	StockShow   StockControl = "show"   // shown, and nothing more
	StockWarn   StockControl = "warn"   // told, and sold all the same
	StockForbid StockControl = "forbid" // not sold
)

// DefaultSettings are those of a new till.
func DefaultSettings() Settings {
	return Settings{
		Printer:     PrinterSettings{Profile: "generic80"},
		MaxDiscount: 1000, Stock: StockShow, Card: true,
		Scales: []register.ScaleMask{
			{Pattern: "20CCCCCWWWWWK", Kind: register.ScaleWeight}, {Pattern: "21CCCCCWWWWWK", Kind: register.ScaleWeight},
			{Pattern: "22CCCCCWWWWWK", Kind: register.ScaleWeight}, {Pattern: "23CCCCCWWWWWK", Kind: register.ScalePieces},
		},
		Notes:            []register.Money{100_00, 200_00, 500_00, 1000_00, 2000_00, 5000_00},
		ReturnOtherShift: true, CountCash: true, PrintReceipts: true, Sounds: true,
		Rights: defaultRights(),
	}
}

// ErrBadSetting tells that a setting cannot be kept.
var ErrBadSetting = errors.New("till: setting cannot be kept")

// maxText bounds a text of the shop's, in letters.
const maxText = 120

// Check tells what is wrong with the settings, or nil: ErrBadSetting with the reason.
func (s Settings) Check() error {
	for _, text := range []string{s.Shop.Name, s.Shop.Address, s.Shop.INN, s.Shop.Till} {
		if utf8.RuneCountInString(text) > maxText || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("%w: the text %.40q", ErrBadSetting, text)
		}
	}
	if err := CheckINN(s.Shop.INN); err != nil {
		return err
	}
	if err := errors.Join(s.Slip.Check(), slip.CheckLogo(s.Slip.Logo), slip.CheckLines(s.Shop.FooterLines())); err != nil {
		return fmt.Errorf("%w: %w", ErrBadSetting, err)
	}
	if err := s.Printer.check(); err != nil {
		return err
	}
	if s.MaxDiscount < 0 || s.MaxDiscount > register.Hundred {
		return fmt.Errorf("%w: a discount of %s %%", ErrBadSetting, s.MaxDiscount)
	}
	for _, m := range s.Scales {
		if err := m.Check(); err != nil {
			return fmt.Errorf("%w: %w", ErrBadSetting, err)
		}
	}
	for _, n := range s.Notes {
		if n <= 0 || n > register.MaxMoney || len(s.Notes) > 12 {
			return fmt.Errorf("%w: a note of %s", ErrBadSetting, n)
		}
	}
	switch s.Stock {
	case StockOff, StockShow, StockWarn, StockForbid:
	default:
		return fmt.Errorf("%w: stock %q", ErrBadSetting, s.Stock)
	}
	if err := s.Keys.check(); err != nil {
		return err
	}
	return checkRights(s.Rights)
}

// CheckINN tells what is wrong with a taxpayer's number, or nil; there may be none. A company's has ten digits, a
// person's twelve; the last one, or the last two, are check digits: the others' sum with fixed weights, modulo 11,
// modulo 10.
func CheckINN(inn string) error {
	bad := fmt.Errorf("%w: the taxpayer's number %.20q", ErrBadSetting, inn)
	if strings.Trim(inn, "0123456789") != "" {
		return bad
	}
	weights := []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	digit := func(n int) bool { // whether the digit behind the first n is their check digit
		sum := 0
		for i, w := range weights[len(weights)-n:] {
			sum += w * int(inn[i]-'0')
		}
		return byte('0'+sum%11%10) == inn[n]
	}
	switch len(inn) {
	case 0:
		return nil
	case 10:
		if digit(9) {
			return nil
		}
	case 12:
		if digit(10) && digit(11) {
			return nil
		}
	}
	return bad
}

// Least is the least role that may use a right by itself.
func (s Settings) Least(r Right) Role {
	if role, ok := s.Rights[r]; ok {
		return role
	}
	return defaultRights()[r]
}

// Clone is a copy that shares nothing.
func (s Settings) Clone() Settings {
	s.Slip = s.Slip.Clone()
	s.Scales, s.Notes, s.Rights, s.Keys = slices.Clone(s.Scales), slices.Clone(s.Notes), maps.Clone(s.Rights), maps.Clone(s.Keys)
	return s
}

// rules are those of a receipt.
func (s Settings) rules() register.Rules {
	return register.Rules{MaxDiscount: s.MaxDiscount, OnTop: s.VATOnTop}
}

// applyRules puts the receipt under the shop's rules, unless a QR payment or a commit holds it as it is: then it is done
// when that is over. t.mu is held.
func (t *Till) applyRules() {
	if t.current == nil && !t.busy {
		t.cart.SetRules(t.settings.rules())
	}
}

// settingSettings is the name under which they are kept; shop, printer and logo have their own.
const (
	settingSettings = "settings"
	settingLogo     = "slip_logo"
)

// LoadSettings reads what the shop chose. What was never chosen is as a new till has it.
func LoadSettings(ctx context.Context, store *localdb.Store) (Settings, error) {
	s := DefaultSettings()
	_, err1 := store.Setting(ctx, settingSettings, &s)
	_, err2 := store.Setting(ctx, SettingShop, &s.Shop)
	_, err3 := store.Setting(ctx, SettingPrinter, &s.Printer)
	_, err5 := store.Setting(ctx, SettingFiscal, &s.Fiscal)
	_, err4 := store.Setting(ctx, settingLogo, &s.Slip.Logo)
	if s.Rights == nil {
		s.Rights = defaultRights()
	}
	return s, errors.Join(err1, err2, err3, err4, err5)
}

// SaveSettings keeps what the shop chose.
func SaveSettings(ctx context.Context, store *localdb.Store, s Settings) error {
	if err := s.Check(); err != nil {
		return err
	}
	return store.SetSettings(ctx, map[string]any{SettingShop: s.Shop, SettingPrinter: s.Printer, settingLogo: s.Slip.Logo, settingSettings: s})
}

// SetSettings keeps what the shop chose and works by it from then on: a printer that was changed is another printer at
// once.
func (t *Till) SetSettings(ctx context.Context, s Settings) error {
	if _, err := t.may(RightSettings); err != nil {
		return err
	}
	s = s.Clone()
	if err := s.Check(); err != nil {
		return problem(CodeBadSetting, err)
	}
	if err := SaveSettings(ctx, t.c.Store, s); err != nil {
		return disk(err)
	}
	t.mu.Lock()
	s.Fiscal = t.settings.Fiscal
	printer := t.settings.Printer != s.Printer
	t.settings = &s
	t.applyRules()
	t.changed()
	t.mu.Unlock()
	if !printer {
		return nil
	}
	return t.reconnect(ctx)
}
