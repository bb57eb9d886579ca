package normalise

import (
	"encoding/base64"
	"encoding/json"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// bytes takes Base64 through the bytes that it stands for.
func bytes(value any) (converted, error) {
	switch text := value.(type) {
	case nil:
		return converted{nil, true}, nil
	case string:
		if text == "" {
			return converted{"", true}, nil
		}
		var decoded []byte
		encoded, err := json.Marshal(text)
		if err == nil {
			err = json.Unmarshal(encoded, &decoded)
		}
		return converted{base64.StdEncoding.EncodeToString(decoded), len(decoded) == 0}, err
	}
	return byteList(value)
}

// byteList is what the library makes of a list of numbers.
func byteList(value any) (converted, error) {
	items, isList := value.([]any)
	if !isList {
		return converted{}, errWrongType
	}
	decoded := make([]byte, len(items))
	for index, item := range items {
		made, err := (&form{letter: 'l'}).integer(item)
		if err != nil {
			return converted{}, err
		}
		decoded[index] = byte(made.value.(int64))
	}
	return converted{base64.StdEncoding.EncodeToString(decoded), len(items) == 0}, nil
}

// isStructLeaf tells whether the Go type is a struct, which "omitempty" never leaves out.
func (f *form) isStructLeaf() bool {
	switch f.letter {
	case 'q', 't', 'u', 'd', 'o', 'r', 'v':
		return true
	}
	return false
}

// encodesItself is a Go type with a JSON form of its own.
type encodesItself interface {
	json.Marshaler
	json.Unmarshaler
}

func (f *form) newLeaf() encodesItself {
	switch f.letter {
	case 'q':
		return &resource.Quantity{}
	case 't':
		return &metav1.Time{}
	case 'u':
		return &metav1.MicroTime{}
	case 'd':
		return &metav1.Duration{}
	case 'o':
		return &intstr.IntOrString{}
	case 'v':
		return &metav1.FieldsV1{}
	default:
		return &runtime.RawExtension{}
	}
}

// leaf converts a value whose Go type encodes itself.
func (f *form) leaf(value any) (converted, error) {
	typed := f.newLeaf()
	if value != nil {
		encoded, err := utiljson.Marshal(value)
		if err != nil {
			return converted{}, err
		}
		if err := typed.UnmarshalJSON(encoded); err != nil {
			return converted{}, err
		}
	}
	encoded, err := typed.MarshalJSON()
	if err != nil {
		return converted{}, err
	}
	var decoded any
	err = utiljson.Unmarshal(encoded, &decoded)
	return converted{decoded, false}, err
}
