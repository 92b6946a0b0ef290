package localdb

import "context"

// GoodsCount is how many goods the catalogue holds. With hundreds of thousands of them it takes tens of milliseconds.
func (s *Store) GoodsCount(ctx context.Context) (int64, error) { return s.countGoods(ctx) }
