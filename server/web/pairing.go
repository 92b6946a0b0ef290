package web

import (
	"net/http"

	"github.com/google/uuid"

	"kassa/server/pg"
)

// pairingBody is what the pairing page shows.
type pairingBody struct {
	Shops   []pg.Shop
	Code    string // empty until one was asked for
	Shop    pg.Shop
	Expires string
}

func (s *site) pairing(v visit) error {
	return v.show("pairing", "web.pairing.title", pairingBody{Shops: v.shops})
}

// newCode makes a code. It is shown in the answer itself and nowhere again.
func (s *site) newCode(v visit) error {
	id, err := uuid.Parse(v.r.PostFormValue("store"))
	if err != nil {
		return errBadForm
	}
	shop := v.shop(id)
	if shop.ID != id {
		return pg.ErrNotFound
	}
	code, expires, err := s.Store.NewPairingCode(v.r.Context(), v.now, v.owner.Account, shop.ID)
	if err != nil {
		return err
	}
	s.Logger.Info("a pairing code was made", "account", v.owner.Account, "store", shop.ID)
	return v.show("pairing", "web.pairing.title",
		pairingBody{Shops: v.shops, Code: code, Shop: shop, Expires: v.at(shop).Time(expires)})
}

func (s *site) confirmRevoke(v visit) error {
	t, err := s.till(v)
	if err != nil {
		return err
	}
	return v.show("revoke", "web.revoke.title", v.tillCard(t, v.shop(t.Store)))
}

func (s *site) revoke(v visit) error {
	t, err := s.till(v)
	if err != nil {
		return err
	}
	if err := s.Store.Revoke(v.r.Context(), v.now, v.owner.Account, t.ID); err != nil {
		return err
	}
	s.Logger.Info("a till was revoked", "account", v.owner.Account, "till", t.ID)
	http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
	return nil
}

// till is the account's till that the address names.
func (s *site) till(v visit) (pg.Till, error) {
	tills, err := s.Store.Tills(v.r.Context(), v.owner.Account)
	if err != nil {
		return pg.Till{}, err
	}
	for _, t := range tills {
		if t.ID.String() == v.r.PathValue("id") {
			return t, nil
		}
	}
	return pg.Till{}, pg.ErrNotFound
}
