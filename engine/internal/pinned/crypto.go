package pinned

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"strings"
	"text/template"
)

func (p *Pin) cryptoFunctions() template.FuncMap {
	return template.FuncMap{
		"bcrypt":                   p.bcrypt,
		"htpasswd":                 p.htpasswd,
		"encryptAES":               p.encryptAES,
		"genPrivateKey":            p.privateKey,
		"buildCustomCert":          buildCertificate,
		"genCA":                    p.authority,
		"genCAWithKey":             p.authorityWithKey,
		"genSelfSignedCert":        p.selfSigned,
		"genSelfSignedCertWithKey": p.selfSignedWithKey,
		"genSignedCert":            p.signed,
		"genSignedCertWithKey":     p.signedWithKey,
	}
}

// bcrypt is sprig's own, with a salt from the stream.
func (p *Pin) bcrypt(password string) (hash string) {
	withRandomness(p.stream("bcrypt", password), func() {
		hash = p.sprig["bcrypt"].(func(string) string)(password)
	})
	return hash
}

func (p *Pin) htpasswd(user, password string) string {
	if strings.Contains(user, ":") {
		return fmt.Sprintf("invalid username: %s", user)
	}
	return user + ":" + p.bcrypt(password)
}

// encryptAES is sprig's format: the initial vector, then AES-256-CBC with PKCS#7 padding, in Base64.
func (p *Pin) encryptAES(password, text string) (string, error) {
	stream := p.stream("encryptAES", password, text)
	if text == "" {
		return "", nil
	}
	key := make([]byte, 32)
	copy(key, password)
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	padding := aes.BlockSize - len(text)%aes.BlockSize
	padded := text + strings.Repeat(string(rune(padding)), padding)
	sealed := make([]byte, aes.BlockSize+len(padded))
	stream.fill(sealed[:aes.BlockSize])
	cipher.NewCBCEncrypter(block, sealed[:aes.BlockSize]).CryptBlocks(sealed[aes.BlockSize:], []byte(padded))
	return base64.StdEncoding.EncodeToString(sealed), nil
}
