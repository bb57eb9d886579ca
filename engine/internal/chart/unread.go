package chart

// analysis is what the templates of a loaded chart read, found without running them.
type analysis struct{}
