package tree

import "sort"

// Recorder notes what an answer depends on inside a tree. A nil recorder notes nothing.
type Recorder struct {
	files       map[string]struct{}
	directories map[string]struct{}
	missing     map[string]struct{}
}

// NewRecorder makes an empty recorder.
func NewRecorder() *Recorder {
	return &Recorder{files: map[string]struct{}{}, directories: map[string]struct{}{}, missing: map[string]struct{}{}}
}

// Read is what a recorder has noted: files whose content (or existence) mattered, directories whose list of entries
// mattered, and paths that were looked for in vain.
type Read struct {
	Files       []string `json:"files"`
	Directories []string `json:"directories"`
	Absent      []string `json:"absent"`
}

// Read returns what was noted, sorted.
func (r *Recorder) Read() Read {
	return Read{Files: sorted(r.files), Directories: sorted(r.directories), Absent: sorted(r.missing)}
}

func (r *Recorder) file(name string) {
	if r != nil {
		r.files[name] = struct{}{}
	}
}

func (r *Recorder) directory(name string) {
	if r != nil {
		r.directories[name] = struct{}{}
	}
}

func (r *Recorder) absent(name string) {
	if r != nil {
		r.missing[name] = struct{}{}
	}
}

func sorted(names map[string]struct{}) []string {
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
