package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Files in the folder of a run.
const (
	authority = "authority.pem" // of Kamailio's certificate
	strangers = "strangers.pem" // an authority that signed nothing here
)

// writeCertificates writes two authorities, and the certificate of Kamailio with its key.
func writeCertificates(folder string) error {
	for _, name := range []string{strangers, authority} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		ca := certificate(name)
		ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign
		if err := sign(folder, name, ca, ca, key, key); err != nil {
			return err
		}
		if name == strangers {
			continue
		}
		own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		pbx := certificate("pbx")
		pbx.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		if err := sign(folder, "certificate.pem", pbx, ca, own, key); err != nil {
			return err
		}
		bytes, err := x509.MarshalPKCS8PrivateKey(own)
		if err != nil {
			return err
		}
		if err := write(folder, "key.pem", "PRIVATE KEY", bytes); err != nil {
			return err
		}
	}
	return nil
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
}

func sign(folder, file string, c, by *x509.Certificate, key, with *ecdsa.PrivateKey) error {
	bytes, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, with)
	if err != nil {
		return err
	}
	return write(folder, file, "CERTIFICATE", bytes)
}

func write(folder, file, kind string, bytes []byte) error {
	return os.WriteFile(filepath.Join(folder, file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600)
}
