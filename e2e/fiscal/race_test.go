//go:build race

package fiscal_test

// shops is how many are played unless somebody says otherwise: under the race detector, enough to find a race.
const shops = 3
