package till

import (
	"context"

	"kassa/register"
)

// SetContact says where the buyer wants the receipt sent, an e-mail address or a phone number, and whether the paper may
// then be left out; an empty contact takes it back. The law wants it given before the payment (54-FZ, article 1.2).
func (t *Till) SetContact(_ context.Context, contact string, noPaper bool) error {
	return t.changeCart(func(c *register.Cart) error { return named(c.SetContact(contact, noPaper), "") })
}
