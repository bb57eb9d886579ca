package pinned

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"golang.org/x/crypto/bcrypt"
)

var moment = time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("elsewhere", 3600))

// evaluate runs a template with the functions of sprig, those that are pinned replaced.
func evaluate(t *testing.T, seed, text string) string {
	t.Helper()
	parsed, err := template.New("t").Funcs(sprig.TxtFuncMap()).Funcs(New(seed, moment).Functions()).Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var result bytes.Buffer
	if err := parsed.Execute(&result, nil); err != nil {
		t.Fatal(err)
	}
	return result.String()
}

// everything calls each function whose answer changes from run to run in sprig.
const everything = `
{{ randAlphaNum 12 }} {{ randAlpha 12 }} {{ randNumeric 12 }} {{ randAscii 12 }} {{ randBytes 12 }} {{ randInt 0 1000000 }}
{{ shuffle "abcdefghijklmnop" }} {{ uuidv4 }} {{ bcrypt "x" }} {{ htpasswd "user" "x" }} {{ encryptAES "key" "text" }}
{{ genPrivateKey "rsa" }}{{ genPrivateKey "dsa" }}{{ genPrivateKey "ecdsa" }}{{ genPrivateKey "ed25519" }}{{ genPrivateKey "x" }}
{{ $ca := genCA "ca" 30 }}{{ $ca.Cert }}{{ $ca.Key }}{{ (genCAWithKey "ca" 30 $ca.Key).Cert }}
{{ $self := genSelfSignedCert "self" (list "10.0.0.1") (list "a.example") 30 }}{{ $self.Cert }}{{ $self.Key }}
{{ (genSelfSignedCertWithKey "self" nil nil 30 (genPrivateKey "ecdsa")).Cert }}
{{ $cert := genSignedCert "leaf" (list "10.0.0.1") (list "a.example") 30 $ca }}{{ $cert.Cert }}{{ $cert.Key }}
{{ (genSignedCertWithKey "leaf" nil nil 30 $ca (genPrivateKey "ed25519")).Cert }}
{{ (buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key)).Cert }}
{{ now }} {{ ago (toDate "2006-01-02" "2026-01-01") }} {{ date "2006-01-02 MST" now }} {{ htmlDate now }} {{ durationRound (toDate "2006-01-02" "2020-01-01") }}
{{ dateInZone "15:04" now "Europe/Rome" }} {{ date "2006-01-02" "no date" }} {{ mustToDate "2006-01-02" "2026-01-01" }}
{{ keys (dict "c" 1 "a" 2 "b" 3 "d" 4) }} {{ values (dict "c" 1 "a" 2 "b" 3 "d" 4) }}`

// TestSameBytesInAnotherProcess runs itself again: what one process remembers must not matter.
func TestSameBytesInAnotherProcess(t *testing.T) {
	text := evaluate(t, "seed", everything)
	if os.Getenv("PINNED_CHILD") != "" {
		if err := os.WriteFile(os.Getenv("PINNED_CHILD"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	file := t.TempDir() + "/child"
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), "PINNED_CHILD="+file, "TZ=Asia/Tokyo")
	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	other, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(other) != text {
		t.Error("another process gives other bytes")
	}
	if again := evaluate(t, "seed", everything); again != text {
		t.Error("a second run gives other bytes")
	}
	if evaluate(t, "other", everything) == text {
		t.Error("the seed does not matter")
	}
}

// TestNothingElseChanges fails when sprig gets a function that changes from run to run and is not pinned.
func TestNothingElseChanges(t *testing.T) {
	suspects := regexp.MustCompile(`^(rand|gen|uuid|now|ago|date|htmlDate|shuffle|bcrypt|htpasswd|encrypt|toDate|mustToDate|durationRound|buildCustom|keys|values)`)
	harmless := map[string]bool{"dateModify": true, "date_modify": true}
	replaced := New("", moment).Functions()
	for name := range sprig.TxtFuncMap() {
		if suspects.MatchString(name) && replaced[name] == nil && !harmless[name] {
			t.Errorf("%s is not pinned", name)
		}
	}
	for name := range replaced {
		if sprig.TxtFuncMap()[name] == nil {
			t.Errorf("%s does not exist in sprig: charts that use it would fail in the cluster", name)
		}
	}
}

func TestShapes(t *testing.T) {
	for text, pattern := range map[string]string{
		`{{ randAlphaNum 20 }}`:         `^[0-9A-Za-z]{20}$`,
		`{{ randAlpha 20 }}`:            `^[A-Za-z]{20}$`,
		`{{ randNumeric 20 }}`:          `^[0-9]{20}$`,
		`{{ randAscii 20 }}`:            `^[ -~]{20}$`,
		`{{ randAlpha 0 }}`:             `^$`,
		`{{ randAlpha -1 }}`:            `^$`,
		`{{ randBytes 3 }}`:             `^[0-9A-Za-z+/]{4}$`,
		`{{ randInt 5 7 }}`:             `^[56]$`,
		`{{ uuidv4 }}`:                  `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		`{{ htpasswd "a:b" "x" }}`:      `^invalid username: a:b$`,
		`{{ genPrivateKey "x" }}`:       `^Unknown type x$`,
		`{{ encryptAES "k" "" }}`:       `^$`,
		`{{ now }}`:                     `^2026-01-02 02:04:05 \+0000 UTC$`,
		`{{ now | date "15:04 MST" }}`:  `^02:04 UTC$`,
		`{{ date "2006" "x" }}`:         `^2026$`,
		`{{ htmlDate 0 }}`:              `^1970-01-01$`,
		`{{ ago now }}`:                 `^0s$`,
		`{{ ago 0 }}`:                   `^490922h4m5s$`,
		`{{ durationRound "2h10m5s" }}`: `^2h$`,
		`{{ decryptAES "k" (encryptAES "k" "text of some length") }}`:                      `^text of some length$`,
		`{{ keys (dict "b" 1 "a" 2) (dict "c" 3) }}`:                                       `^\[a b c\]$`,
		`{{ values (dict "b" 1 "a" 2) }}`:                                                  `^\[2 1\]$`,
		`{{ shuffle "abc" | splitList "" | sortAlpha | join "" }}`:                         `^abc$`,
		`{{ dateInZone "15:04" (toDate "2006-01-02" "2026-07-01") "No/Zone" }}`:            `^00:00$`,
		`{{ htmlDateInZone (toDate "2006-01-02 15:04" "2026-07-01 23:00") "Asia/Tokyo" }}`: `^2026-07-02$`,
	} {
		if got := evaluate(t, "seed", text); !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("%s gives %q", text, got)
		}
	}
}

func TestErrorsAreSprigs(t *testing.T) {
	for _, text := range []string{
		`{{ randInt 5 5 }}`, `{{ genSelfSignedCert "a" (list "x") nil 1 }}`, `{{ genSelfSignedCert "a" (list 1) nil 1 }}`,
		`{{ genSelfSignedCert "a" nil (list 1) 1 }}`, `{{ genCAWithKey "a" 1 "x" }}`, `{{ buildCustomCert "!" "" }}`, `{{ buildCustomCert "" "!" }}`,
		`{{ buildCustomCert "" "" }}`, `{{ mustToDate "2006" "x" }}`, `{{ genSelfSignedCertWithKey "a" nil nil 1 "-----BEGIN X-----\n-----END X-----" }}`,
	} {
		failing := func(functions template.FuncMap) string {
			parsed := template.Must(template.New("t").Funcs(sprig.TxtFuncMap()).Funcs(functions).Parse(text))
			err := parsed.Execute(&bytes.Buffer{}, nil)
			if err == nil {
				t.Fatalf("%s does not fail", text)
			}
			return err.Error()
		}
		if ours, theirs := failing(New("", moment).Functions()), failing(nil); ours != theirs {
			t.Errorf("%s fails with\n%s\nsprig: %s", text, ours, theirs)
		}
	}
}

// TestAnotherCallChangesNothing keeps the difference between two versions of a chart small.
func TestAnotherCallChangesNothing(t *testing.T) {
	before := evaluate(t, "seed", `{{ randAlpha 8 }} {{ randAlpha 8 }}`)
	after := evaluate(t, "seed", `{{ $x := randAlpha 9 }}{{ randAlpha 8 }} {{ $y := uuidv4 }}{{ randAlpha 8 }}`)
	if before != after {
		t.Errorf("%q became %q", before, after)
	}
	if words := strings.Fields(before); words[0] == words[1] {
		t.Error("two calls give the same")
	}
}

func TestUses(t *testing.T) {
	for text, expected := range map[string]Uses{
		``:                                 {},
		`{{ now }}`:                        {Time: true},
		`{{ uuidv4 }}`:                     {Random: true},
		`{{ htmlDate 0 }}`:                 {},
		`{{ keys (dict "a" 1) }}`:          {},
		`{{ genCA "a" 1 | len }}`:          {Random: true, Time: true},
		`{{ if false }}{{ now }}{{ end }}`: {},
	} {
		pin := New("seed", moment)
		parsed := template.Must(template.New("t").Funcs(sprig.TxtFuncMap()).Funcs(pin.Functions()).Parse(text))
		_ = parsed.Execute(&bytes.Buffer{}, nil)
		if pin.Uses != expected {
			t.Errorf("%s uses %+v", text, pin.Uses)
		}
	}
}

func TestKeysAreValid(t *testing.T) {
	for index := range primeOffsets[1024] {
		for _, bits := range []int{1024, 2048} {
			if prime := knownPrime(bits, index); prime.BitLen() != bits || !prime.ProbablyPrime(1) {
				t.Errorf("number %d of %d bits is no prime", index, bits)
			}
		}
	}
	if parameters := knownDSA(); parameters.P.BitLen() != 2048 || !parameters.P.ProbablyPrime(5) || !parameters.Q.ProbablyPrime(5) {
		t.Error("the DSA parameters are no primes")
	}
	for kind, check := range map[string]func(any) bool{
		"rsa": func(key any) bool {
			return key.(*rsa.PrivateKey).N.BitLen() == 4096 && key.(*rsa.PrivateKey).Validate() == nil
		},
		"":        func(key any) bool { return key.(*rsa.PrivateKey).N.BitLen() == 4096 },
		"ecdsa":   func(key any) bool { return key.(*ecdsa.PrivateKey).Params().Name == "P-256" },
		"ed25519": func(key any) bool { return len(key.(ed25519.PrivateKey)) == ed25519.PrivateKeySize },
		"dsa":     func(key any) bool { return key != nil },
	} {
		key, err := parsePrivateKey(New("seed", moment).privateKey(kind))
		if err != nil || !check(key) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestCertificateChain(t *testing.T) {
	pin := New("seed", moment)
	ca, err := pin.authority("ca", 30)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := pin.signed("leaf", []any{"10.0.0.1"}, []any{"a.example"}, 10, ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(ca.Cert))
	block, _ := pem.Decode([]byte(leaf.Cert))
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsed.Verify(x509.VerifyOptions{Roots: roots, DNSName: "a.example", CurrentTime: moment.Add(time.Hour)}); err != nil {
		t.Error(err)
	}
	if !parsed.NotAfter.Equal(moment.Add(240*time.Hour)) || ca.Key == leaf.Key {
		t.Errorf("valid until %s", parsed.NotAfter)
	}
}

func TestBcryptFitsItsPassword(t *testing.T) {
	if err := bcrypt.CompareHashAndPassword([]byte(New("seed", moment).bcrypt("x")), []byte("x")); err != nil {
		t.Error(err)
	}
}
