package resourceset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"maps"
	"strconv"
	"strings"
)

// maximumPermutations is where the operator gives up.
const maximumPermutations = 10_000

// Provider is a ResourceSetInputProvider with what it exports.
type Provider struct {
	Name   string           `json:"name"`
	Inputs []map[string]any `json:"inputs"`
}

// inputs lists the sets of inputs that the templates are rendered with. None at all is different from one empty set: where
// inputsFrom is used and nothing is provided, there is nothing to build.
func (s *set) inputs(providers []Provider) (sets []map[string]any, err error) {
	all := make([]Provider, 0, len(providers)+1)
	if len(s.Spec.Inputs) > 0 {
		all = append(all, Provider{Name: s.Metadata.Name, Inputs: s.provided("ResourceSet", s.Metadata.Name, s.Spec.Inputs)})
	}
	for _, provider := range providers {
		inputs := s.provided("ResourceSetInputProvider", provider.Name, provider.Inputs)
		all = append(all, Provider{Name: provider.Name, Inputs: s.identified(provider.Name, inputs)})
	}
	strategy := s.Spec.InputStrategy
	switch {
	case strategy == nil || strategy.Name == "" || strategy.Name == "Flatten":
		for _, provider := range all {
			sets = append(sets, provider.Inputs...)
		}
		return sets, nil
	case strategy.Name == "Permute":
		return permute(all, strategy.IncludeEmptyProviders)
	}
	return nil, fmt.Errorf("spec.inputStrategy.name %q is neither Flatten nor Permute", strategy.Name)
}

// provided adds the built-in input "provider" to copies of the inputs.
func (s *set) provided(kind, name string, inputs []map[string]any) []map[string]any {
	result := make([]map[string]any, len(inputs))
	for index, input := range inputs {
		copied := make(map[string]any, len(input)+2)
		maps.Copy(copied, input)
		copied["provider"] = map[string]any{
			"apiVersion": groupVersion, "kind": kind, "name": name, "namespace": s.Metadata.Namespace,
		}
		result[index] = copied
	}
	return result
}

// identified adds the built-in input "id" where the caller does not know it: it derives from the provider's UID, which only the
// cluster has. An opaque token stands for it.
func (s *set) identified(name string, inputs []map[string]any) []map[string]any {
	for index, input := range inputs {
		if _, known := input["id"]; !known {
			input["id"] = token("ResourceSetInputProvider", s.Metadata.Namespace, name, fmt.Sprintf("inputs[%d].id", index))
		}
	}
	return inputs
}

// token stands for a value that is unknown offline, see the protocol.
func token(reference ...string) string {
	digest := sha256.Sum256([]byte(strings.Join(reference, "/")))
	return "opaque-" + hex.EncodeToString(digest[:6])
}

// permute makes every combination of one set of inputs from each provider. Each provider's inputs stand below its own key.
func permute(providers []Provider, includeEmpty bool) ([]map[string]any, error) {
	providers, keys, err := scoped(providers, includeEmpty)
	if err != nil || len(providers) == 0 {
		return nil, err
	}
	total := 1
	for _, provider := range providers {
		if total *= len(provider.Inputs); total > maximumPermutations {
			return nil, fmt.Errorf("the inputs have more than %d permutations", maximumPermutations)
		}
	}
	result := make([]map[string]any, total)
	for number := range result {
		result[number] = combination(providers, keys, number)
	}
	return result, nil
}

// scoped leaves out empty providers, unless they are to empty the product, and finds the key of each provider.
func scoped(providers []Provider, includeEmpty bool) (kept []Provider, keys []string, err error) {
	owners := map[string]string{}
	for _, provider := range providers {
		if len(provider.Inputs) == 0 && !includeEmpty {
			continue
		}
		key := normalized(provider.Name)
		if owner, taken := owners[key]; taken {
			return nil, nil, fmt.Errorf("the input providers %s and %s have the same key %q", owner, provider.Name, key)
		}
		owners[key] = provider.Name
		kept, keys = append(kept, provider), append(keys, key)
	}
	return kept, keys, nil
}

// combination is the permutation of a number: the last provider changes fastest. Its id is made from the positions.
func combination(providers []Provider, keys []string, number int) map[string]any {
	result := make(map[string]any, len(providers)+1)
	parts := make([]string, len(providers))
	for index := len(providers) - 1; index >= 0; index-- {
		count := len(providers[index].Inputs)
		position := number % count
		number /= count
		result[keys[index]] = providers[index].Inputs[position]
		parts[index] = keys[index] + "=" + strconv.Itoa(position)
	}
	identity := adler32.Checksum([]byte(strings.Join(parts, "/")))
	result["id"] = strconv.FormatUint(uint64(identity), 10)
	return result
}

// normalized turns an object's name into a key for templates: lower case, words joined by underscores, nothing else.
func normalized(name string) string {
	var words strings.Builder
	for _, char := range strings.ToLower(name) {
		switch {
		case char >= 'a' && char <= 'z' || char >= '0' && char <= '9':
			words.WriteRune(char)
		case char < 0x80:
			words.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(words.String()), "_")
}
