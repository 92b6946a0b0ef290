package localdb

import (
	"context"
	"fmt"
	"strings"

	"kassa/register"
)

// Group is a group of goods in the tree of groups.
type Group struct {
	Path      string // what a product's Group says, as in "Food/Dairy"
	Name      string // the path's last level
	NameEn    string // empty when the price list names none
	Count     int    // goods in it and below
	HasGroups bool   // there are groups below
}

// Groups returns the groups right below a path, by name; an empty path is the top of the tree. Goods without a group
// are in none.
func (s *Store) Groups(ctx context.Context, parent string) ([]Group, error) {
	rows, err := s.goods.r.QueryContext(ctx, `select path, name, name_en, goods, branches > 0 from groups where parent = ? order by name`,
		cleanPath(parent))
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	defer rows.Close()
	var all []Group
	for rows.Next() {
		var g Group
		if err := rows.Scan(&g.Path, &g.Name, &g.NameEn, &g.Count, &g.HasGroups); err != nil {
			return nil, fmt.Errorf("reading groups: %w", err)
		}
		all = append(all, g)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	return all, nil
}

// cleanPath writes a group's path one way: no spaces around its levels, no empty levels.
func cleanPath(path string) string {
	levels := strings.Split(path, register.GroupSeparator)
	kept := levels[:0]
	for _, l := range levels {
		if l = strings.TrimSpace(l); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, register.GroupSeparator)
}

// cutPath splits a path into the path above and the last level.
func cutPath(path string) (parent, name string) {
	if i := strings.LastIndex(path, register.GroupSeparator); i >= 0 {
		return path[:i], path[i+len(register.GroupSeparator):]
	}
	return "", path
}

// english gives the English name of a path's last level, and the English path above, if en has as many levels as path.
// With another number of levels nobody can tell which names which; the last is then that of the group itself.
func english(path, en string) (above, name string) {
	above, name = cutPath(en)
	if strings.Count(path, register.GroupSeparator) != strings.Count(en, register.GroupSeparator) {
		above = ""
	}
	return above, name
}
