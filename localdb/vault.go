package localdb

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// keyFile holds the key that secrets are encrypted with. It is no part of the database: a copy of the database, as
// backups and support get it, gives no secret away.
const keyFile = "till.key"

// ErrSecret tells that a stored secret cannot be opened: the key file is missing or another one.
var ErrSecret = errors.New("localdb: the secret cannot be opened")

// SetSecret keeps a secret, encrypted (AES-256-GCM) under the folder's key.
func (s *Store) SetSecret(ctx context.Context, name string, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("keeping the secret %s: %w", name, err)
	}
	seal, err := s.vault(true)
	if err != nil {
		return fmt.Errorf("keeping the secret %s: %w", name, err)
	}
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce)
	return s.SetSetting(ctx, name, seal.Seal(nonce, nonce, plain, []byte(name)))
}

// Secret opens a secret into v. ok is false when it was never set. The error matches ErrSecret when it cannot be opened.
func (s *Store) Secret(ctx context.Context, name string, v any) (ok bool, err error) {
	var sealed []byte
	if ok, err := s.Setting(ctx, name, &sealed); err != nil || !ok {
		return false, err
	}
	open, err := s.vault(false)
	if err != nil {
		return false, fmt.Errorf("%w: %s: %w", ErrSecret, name, err)
	}
	if len(sealed) < open.NonceSize() {
		return false, fmt.Errorf("%w: %s", ErrSecret, name)
	}
	plain, err := open.Open(nil, sealed[:open.NonceSize()], sealed[open.NonceSize():], []byte(name))
	if err != nil {
		return false, fmt.Errorf("%w: %s", ErrSecret, name)
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return false, fmt.Errorf("%w: %s", ErrSecret, name)
	}
	return true, nil
}

func (s *Store) vault(create bool) (cipher.AEAD, error) {
	path := filepath.Join(s.dir, keyFile)
	text, err := os.ReadFile(path)
	// An empty file is what a power cut leaves of one that was being made; nothing was ever kept under it.
	if create && (errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0) {
		text, err = makeKey(path)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(text))
	if err != nil {
		return nil, errors.New("the key file is not in its form")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// makeKey writes a new key. It is on the disk before the first secret is.
func makeKey(path string) (text []byte, err error) {
	key := make([]byte, 32)
	rand.Read(key)
	text = []byte(hex.EncodeToString(key))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(text)
	return text, errors.Join(err, f.Sync(), f.Close())
}
