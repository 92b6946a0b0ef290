package sbersim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// CA is a certificate authority for practice: it lives as long as the program does.
type CA struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Pair is a certificate with its key, in PEM.
type Pair struct{ Cert, Key string }

// NewCA makes an authority. Its keys are real ones, from crypto/rand: somebody could trust it by mistake.
func NewCA() (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sbersim: making the authority's key: %w", err)
	}
	now := time.Now()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Practice authority of kassa-sim"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(10 * 365 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("sbersim: making the authority: %w", err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("sbersim: reading the authority: %w", err)
	}
	return &CA{cert: c, key: key}, nil
}

// PEM is the authority's certificate: what a client trusts.
func (ca *CA) PEM() string { return toPEM("CERTIFICATE", ca.cert.Raw) }

// Client makes a certificate for a client of the bank, good until a time.
func (ca *CA) Client(name string, until time.Time) (Pair, error) {
	return ca.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

// Server makes a certificate for the bank at a host: a name or an address.
func (ca *CA) Server(host string, until time.Time) (Pair, error) {
	c := &x509.Certificate{
		Subject: pkix.Name{CommonName: host}, NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{host}
	}
	return ca.issue(c)
}

func (ca *CA) issue(c *x509.Certificate) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, fmt.Errorf("sbersim: making a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return Pair{}, fmt.Errorf("sbersim: making a serial number: %w", err)
	}
	c.SerialNumber, c.NotBefore, c.KeyUsage = serial, ca.cert.NotBefore, x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, c, ca.cert, &key.PublicKey, ca.key)
	if err != nil {
		return Pair{}, fmt.Errorf("sbersim: making a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, fmt.Errorf("sbersim: writing a key: %w", err)
	}
	return Pair{Cert: toPEM("CERTIFICATE", der), Key: toPEM("PRIVATE KEY", secret)}, nil
}

// TLSConfig is what the bank is served with at a host: no client comes in without a certificate of the authority's.
func (ca *CA) TLSConfig(host string) (*tls.Config, error) {
	pair, err := ca.Server(host, ca.cert.NotAfter)
	if err != nil {
		return nil, err
	}
	cert, err := tls.X509KeyPair([]byte(pair.Cert), []byte(pair.Key))
	if err != nil {
		return nil, fmt.Errorf("sbersim: reading the server's certificate: %w", err)
	}
	clients := x509.NewCertPool()
	clients.AddCert(ca.cert)
	return &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients,
	}, nil
}

// Listen makes TLS of a listener on loopback or another address of this machine, for the bank to be served on.
func (ca *CA) Listen(l net.Listener) (net.Listener, error) {
	host, _, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("sbersim: the listener's address: %w", err)
	}
	conf, err := ca.TLSConfig(host)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(l, conf), nil
}

func toPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
