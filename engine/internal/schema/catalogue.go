package schema

import (
	"bufio"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed catalogue
var files embed.FS

// minors are the supported Kubernetes minors, oldest first.
var minors = []string{"1.33", "1.34", "1.35", "1.36", "1.37"}

type scope byte

const (
	scopeNamespaced scope = 'N'
	scopeCluster    scope = 'C'
	// scopeNone marks kinds that are no resource of their own, such as lists.
	scopeNone scope = '-'
)

type kindKey struct{ apiVersion, kind string }

// kindEntry is a kind at one version. Releases are "1.22", or empty where the life cycle has no such event.
type kindEntry struct {
	kindKey
	scope                                        scope
	typeName                                     string
	introduced, deprecated, removed, replacement string
	served                                       bool
	// state is the kind's at the minor of the catalogue.
	state state
}

// catalogue holds the kinds and types of one minor. A type's line is parsed when the type is first needed.
type catalogue struct {
	minor  string
	kinds  map[kindKey]*kindEntry
	groups map[string]bool

	mutex sync.Mutex
	lines map[string]string
	types map[string]*structure
}

var (
	loadMutex sync.Mutex
	loaded    = map[string]*catalogue{}
)

// Available fails when the engine was built without catalogue, which nobody notices otherwise before the first object is checked.
func Available() error {
	for _, minor := range minors {
		file, err := files.Open("catalogue/" + minor + ".gz")
		if err != nil {
			return missing("Kubernetes "+minor, err)
		}
		file.Close()
	}
	for _, minor := range fluxMinors {
		file, err := files.Open(fluxFile(minor))
		if err != nil {
			return missing("Flux "+minor, err)
		}
		file.Close()
	}
	return nil
}

func missing(of string, err error) error {
	return fmt.Errorf("the engine was built without the catalogue of %s (run: go run ./cmd/catalogue): %w", of, err)
}

// load returns the catalogue of a minor, or of the nearest supported one where the minor has none. It panics when the engine was
// built without catalogue: no answer about built-in kinds would be true.
func load(minor string) *catalogue {
	minor = nearest(minor)
	loadMutex.Lock()
	defer loadMutex.Unlock()
	if found := loaded[minor]; found != nil {
		return found
	}
	read, err := readCatalogue(minor)
	if err != nil {
		panic(missing("Kubernetes "+minor, err))
	}
	loaded[minor] = read
	return read
}

func nearest(minor string) string {
	best := minors[len(minors)-1]
	for _, candidate := range minors {
		if candidate == minor {
			return candidate
		}
	}
	if release(minor) != 0 && release(minor) < release(minors[0]) {
		best = minors[0]
	}
	return best
}

// release turns "1.33" into a comparable number, and anything else into 0.
func release(text string) int {
	before, after, found := strings.Cut(text, ".")
	major, majorError := strconv.Atoi(before)
	minor, minorError := strconv.Atoi(after)
	if !found || majorError != nil || minorError != nil {
		return 0
	}
	return major*1000 + minor
}

func readCatalogue(minor string) (*catalogue, error) {
	text, err := unpack("catalogue/" + minor + ".gz")
	if err != nil {
		return nil, err
	}
	return parseCatalogue(minor, text)
}

// unpack reads one compressed file of the catalogue.
func unpack(name string) (string, error) {
	file, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(bufio.NewReader(unpacked))
	return string(text), err
}

func parseCatalogue(minor, text string) (*catalogue, error) {
	result := &catalogue{
		minor: minor, kinds: map[kindKey]*kindEntry{}, groups: map[string]bool{},
		lines: map[string]string{}, types: map[string]*structure{},
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch record, rest, _ := strings.Cut(line, "\t"); record {
		case "":
		case "K":
			if err := result.addKind(rest); err != nil {
				return nil, err
			}
		case "T":
			name, _, _ := strings.Cut(rest, "\t")
			result.lines[name] = rest
		default:
			return nil, fmt.Errorf("the catalogue of %s has a record %q of unknown sort", minor, record)
		}
	}
	return result, nil
}

func (c *catalogue) addKind(line string) error {
	columns := strings.Split(line, "\t")
	if len(columns) != 9 || len(columns[2]) != 1 {
		return fmt.Errorf("the catalogue of %s has a malformed kind %q", c.minor, line)
	}
	key := kindKey{columns[0], columns[1]}
	entry := &kindEntry{
		kindKey: key, scope: scope(columns[2][0]), typeName: columns[3], introduced: columns[4],
		deprecated: columns[5], removed: columns[6], replacement: columns[7], served: columns[8] == "1",
	}
	entry.state = entry.stateAt(c.minor)
	c.kinds[key] = entry
	c.groups[group(key.apiVersion)] = true
	return nil
}

// group returns the API group of "group/version", empty for the core group.
func group(apiVersion string) string {
	name, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return name
}
