package tbank

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Token signs a message in either direction (developer.tbank.ru, "Подпись запроса"): the values of the root's scalar
// fields and of Password, sorted by their keys, are joined and hashed. Nested objects and arrays take no part, nor does
// Token itself. The root holds what encoding/json makes, with UseNumber for what was received, or int64 for
// numbers of our own; numbers count as they are written.
func Token(root map[string]any, password string) string {
	values := make(map[string]string, len(root)+1)
	for key, v := range root {
		switch v := v.(type) {
		case string:
			values[key] = v
		case bool:
			values[key] = strconv.FormatBool(v)
		case int64:
			values[key] = strconv.FormatInt(v, 10)
		case json.Number:
			values[key] = v.String()
		}
	}
	delete(values, "Token")
	values["Password"] = password

	var joined strings.Builder
	for _, key := range slices.Sorted(maps.Keys(values)) {
		joined.WriteString(values[key])
	}
	sum := sha256.Sum256([]byte(joined.String()))
	return hex.EncodeToString(sum[:])
}
