package till

import (
	"context"
	"iter"
	"strings"

	"kassa/localdb"
	"kassa/register"
)

// Search finds goods by words of their names, articles, codes or barcodes, or parts of words; two letters at least. A
// scale's label finds the goods that it was printed for.
func (t *Till) Search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	if len([]rune(strings.TrimSpace(text))) < 2 {
		return nil, nil
	}
	found, err := t.search(ctx, text, limit)
	return found, disk(err)
}

func (t *Till) search(ctx context.Context, text string, limit int) ([]register.Product, error) {
	found, err := t.c.Store.Search(ctx, text, limit)
	if err == nil && len(found) == 0 {
		if p, ok := t.labelled(ctx, strings.TrimSpace(text)); ok {
			found = append(found, p)
		}
	}
	return found, err
}

// Group is a group of goods in the tree of groups.
type Group struct {
	Path      string // what a product's Group says, as in "Food/Dairy"
	Name      string // the path's last level
	NameEn    string // for a screen that speaks English; may be empty
	Count     int    // goods in it and below
	HasGroups bool   // there are groups below
}

// Groups lists the groups right below a path, by name; an empty path is the top of the tree.
func (t *Till) Groups(ctx context.Context, parent string) ([]Group, error) {
	groups, err := t.c.Store.Groups(ctx, parent)
	out := make([]Group, len(groups))
	for i, g := range groups {
		out[i] = Group(g)
	}
	return out, disk(err)
}

// Goods is a page of the goods right in a group, by name; an empty group means those that are in none. The page begins
// after the product with the id after, or with the first when that is empty.
func (t *Till) Goods(ctx context.Context, group, after string, limit int) ([]register.Product, error) {
	goods, err := t.c.Store.Goods(ctx, group, after, limit)
	return goods, disk(err)
}

// AllGoods is a page of all goods, group by group.
func (t *Till) AllGoods(ctx context.Context, after string, limit int) ([]register.Product, error) {
	goods, err := t.c.Store.AllGoods(ctx, after, limit)
	return goods, disk(err)
}

// Product finds goods by their id.
func (t *Till) Product(ctx context.Context, id string) (register.Product, error) {
	return t.product(ctx, id)
}

// SetFavourite puts goods among the favourites, or takes them away. Anybody may.
func (t *Till) SetFavourite(ctx context.Context, productID string, on bool) error {
	return disk(t.c.Store.SetFavourite(ctx, productID, on))
}

// OrderFavourites puts the favourites into the order given.
func (t *Till) OrderFavourites(ctx context.Context, ids []string) error {
	return disk(t.c.Store.OrderFavourites(ctx, ids))
}

// Favourites are the goods that have a tile of their own, in the shop's order.
func (t *Till) Favourites(ctx context.Context) ([]register.Product, error) {
	goods, err := t.c.Store.Favourites(ctx)
	return goods, disk(err)
}

// ImportGoods adds goods to the catalogue, all of them or none, while the till goes on selling. An error of the sequence
// itself comes back as it is.
func (t *Till) ImportGoods(ctx context.Context, goods iter.Seq2[register.Product, error], progress func(int)) (localdb.Imported, error) {
	if _, err := t.may(RightGoods); err != nil {
		return localdb.Imported{}, err
	}
	done, err := t.c.Store.ImportGoods(ctx, goods, progress)
	if err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.goods = ""
		t.changed()
	}
	return done, err
}
