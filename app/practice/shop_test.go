package practice

import (
	"testing"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/localdb"
	"kassa/register"
)

// The practice shop is where everything can be tried: leave that is asked for and given, a card's discount, goods that a
// scale has weighed, returns with no receipt.
func TestThePracticeShopHasSomethingOfEverything(t *testing.T) {
	ctx := t.Context()
	store, err := localdb.Open(ctx, localdb.Options{Dir: t.TempDir()})
	fatal(t, err)
	defer store.Close()
	for range 2 { // the second day finds all of it there
		fatal(t, staff(ctx, store))
		fatal(t, firstDay(ctx, store))
	}
	language, err := i18n.Load(i18n.Russian)
	fatal(t, err)
	settings, err := till.LoadSettings(ctx, store)
	fatal(t, err)
	if !settings.ReturnWithoutSale {
		t.Error("nothing comes back without a receipt")
	}
	tl, err := till.New(ctx, till.Config{Store: store, Settings: &settings, Language: language, Practice: true})
	fatal(t, err)
	for _, m := range Staff() {
		fatal(t, tl.SignIn(ctx, m.PIN))
		if v := tl.View(); v.Cashier != m.Name || v.Role != m.Role {
			t.Errorf("the PIN of %s lets in %s as %s", m.Name, v.Cashier, v.Role)
		}
	}
	fatal(t, tl.OpenShift(ctx))
	weighed := "200001600350"
	if _, err = tl.Scan(ctx, weighed+string(register.CheckDigit(weighed)), register.One); err != nil {
		t.Fatal("a scale's barcode:", err)
	}
	if line := tl.View().Lines[0]; line.Quantity != 350 {
		t.Errorf("weighed %s of %s", line.Quantity, line.Name)
	}
	for _, c := range customers() {
		fatal(t, c.Check())
		if c.Card == "" {
			continue
		}
		if s, err := tl.Scan(ctx, c.Card, register.One); err != nil || s.Customer == nil || s.Customer.Name != c.Name {
			t.Errorf("the card of %s: %+v, %v", c.Name, s, err)
		}
	}
	stars, err := tl.Favourites(ctx)
	fatal(t, err)
	if len(stars) != len(favourites()) {
		t.Errorf("%d favourites", len(stars))
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
