package app_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"kassa/app/till"
	"kassa/register"
)

func TestCustomerIsTakenDownAndPutOnTheReceipt(t *testing.T) {
	c := openShop(t, nil)
	c.scan("4600000000011")
	c.press(fyne.KeyF5)
	c.wantSays("Покупателей ещё нет")
	c.press(fyne.KeyF4)
	c.Type("Смирнова Ольга")
	c.press(fyne.KeyReturn)
	c.scan("2000123456789") // the card, into the form
	c.wantSays("Новый покупатель", "Смирнова Ольга", "2000123456789")
	c.press(fyne.KeyDown, fyne.KeyReturn)
	c.Type("+7 900 123-45-67")
	c.press(fyne.KeyReturn, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	c.Type("10")
	c.press(fyne.KeyReturn, fyne.KeyF10)
	c.wantSays("Сохранено: Смирнова Ольга", "10 %", "Покупок ещё не было")
	c.press(fyne.KeyReturn)
	v := c.till.View()
	if v.Customer == nil || v.Customer.Name != "Смирнова Ольга" || v.Total != 53_91 {
		t.Fatalf("customer %+v, total %s; the screen says %q", v.Customer, v.Total, c.Texts())
	}
	c.press(fyne.KeyF5, fyne.KeyDelete)
	if v := c.till.View(); v.Customer != nil || v.Total != 59_90 {
		t.Fatalf("customer %+v, total %s", v.Customer, v.Total)
	}
	c.press(fyne.KeyF5, fyne.KeyF5) // puts the page away, and opens it again
	c.scan("2000123456789")         // the card puts its owner on the receipt
	if v := c.till.View(); v.Customer == nil || v.Total != 53_91 {
		t.Fatalf("customer %+v, total %s", v.Customer, v.Total)
	}
	_, err := c.till.Pay(t.Context(), till.Tender{Given: 53_91})
	fatal(t, err)
	c.drawn()
	c.press(fyne.KeyF5)
	c.wantSays("Продажа № 1", "53,91")
	c.Type("зубр")
	fatal(t, c.Until("the search", func() bool { return c.Says("Ничего не найдено") }))
}

func TestCustomersAreSearchedAsTyped(t *testing.T) {
	c := openShop(t, nil)
	for _, who := range []register.Customer{
		{Name: "Иванов Пётр", Phone: "+7 900 000-00-01"}, {Name: "Ким", Phone: "8 (912) 555-66-77"}, {Name: "Смирнова", Card: "777"},
	} {
		_, err := c.till.SaveCustomer(t.Context(), who)
		fatal(t, err)
	}
	found := func(text, want string, others ...string) {
		t.Helper()
		c.press(fyne.KeyF5)
		c.Type(text)
		fatal(t, c.Until("the search for "+text, func() bool {
			for _, o := range others {
				if c.Says(o) {
					return false
				}
			}
			return c.Says(want)
		}))
		c.press(fyne.KeyEscape, fyne.KeyEscape)
	}
	found("петр", "Иванов Пётр", "Ким", "Смирнова")
	found("79125556677", "Ким", "Иванов", "Смирнова")
	found("777", "Смирнова", "Иванов")

	c.press(fyne.KeyF5)
	fatal(t, c.Tap("Ким"))
	fatal(t, c.Tap("В чек"))
	if v := c.till.View(); v.Customer == nil || v.Customer.Name != "Ким" {
		t.Fatalf("customer %+v", v.Customer)
	}
	c.press(fyne.KeyF5, fyne.KeyF3)
	c.wantSays("Данные покупателя")
	c.scan("777") // is somebody else's
	c.press(fyne.KeyF10)
	c.wantSays("Эта карта уже у другого покупателя", "Данные покупателя")
	c.press(fyne.KeyEscape)
}

// Anybody may take a customer down; a discount is given by one who may.
func TestDiscountOfACustomerAsksForLeave(t *testing.T) {
	c := openShop(t, nil)
	c.till.SignOut()
	fatal(t, c.till.SignIn(t.Context(), testPIN))
	c.drawn()
	c.press(fyne.KeyF5)
	c.Type("Ольга")
	c.press(fyne.KeyReturn, fyne.KeyF4) // the name goes into the form
	c.press(fyne.KeyF10)
	c.wantSays("Сохранено: Ольга")
	c.press(fyne.KeyF3, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	fatal(t, c.Tap("5 %"))
	c.press(fyne.KeyF10)
	c.wantSays("Нужно разрешение")
	c.Type(ownerPIN)
	c.press(fyne.KeyReturn)
	c.wantSays("Сохранено: Ольга")
	found, err := c.till.Customers(t.Context(), "ольга", 0, 5)
	if err != nil || len(found) != 1 || found[0].Discount != 500 {
		t.Fatalf("kept %+v, %v", found, err)
	}
}
