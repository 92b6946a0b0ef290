//go:build !race

package fiscal_test

// shops is how many are played unless somebody says otherwise.
const shops = enough
