package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// release is a Kubernetes minor and the module version that its types are read from.
type release struct {
	minor   string
	version string
	// sums are the checksums of the modules, in the order of modulePaths.
	sums [4]string
}

var modulePaths = [4]string{"k8s.io/api", "k8s.io/apimachinery", "k8s.io/apiextensions-apiserver", "k8s.io/kube-aggregator"}

// releases are the supported minors, oldest first.
var releases = []release{
	{"1.33", "v0.33.13", [4]string{
		"h1:Au/I/J8SXmcCBxp+KiS82451AEaKjVHouB1x3lUm1Wk=", "h1:e15J9pNLORqlAQ3/D2QdXvMTHJLl0PxDhike6iNcw20=",
		"h1:T/79+dR0xlAEvx2Uf3EbWViMGy+NlFNmU05k8UEbrYk=", "h1:1rdV0vCsSndHGGygZtCalsoLKD2hcXcLgrG/9TOoQ4I="}},
	{"1.34", "v0.34.13", [4]string{
		"h1:OF+KERmzVThX1pZaUl+j2WorcbtGAh8sxm+G394FPPM=", "h1:B6DLgvh2I6pEGQNk9hWqYfbDsGMgZkRJix+3jU2TsC0=",
		"h1:yK/UZt7WEcwU940DQmmFG/880xdQ4RyfnYilPY5/IRg=", "h1:oa11SuZ93BwHdSGc2H0+l+JSh6zg5inZYax8EFg0Nyk="}},
	{"1.35", "v0.35.10", [4]string{
		"h1:QwowbQKtMVBxxOi6dlfyU2vuP0eRQ3E7gStSIne4gso=", "h1:SV9Ku0Z+Ju0Zp193d8dprvMIwY0WiX1/khUgXwDbxtI=",
		"h1:d/JwlZ0GilFllo5iwPRpjX0E4S6HgLHfabWcoEURuQo=", "h1:SUECNYfkdx87+oo+dbZaxvgomWJsB877Mv6ZybvimcA="}},
	{"1.36", "v0.36.6", [4]string{
		"h1:3rpdtvtevl++F7XJ9lnSsNje6+032Lc9bUQRoMWFyDk=", "h1:XYM5fEI+Vs6QZ8G+pcl95dXrLpNXVJ7Yhzfao/T+qK0=",
		"h1:Yk7MDGJBGaxJVDcLYpT6rmWCoetjwijwQ8Y2zECJipY=", "h1:S8VujfgkvuATBgnh6g09whIHZlVtcGGOZlnwqFC/B/I="}},
	{"1.37", "v0.37.0", [4]string{
		"h1:Z//Vj9N7RA/yS2sDmxyeo7h+RR4zbUrd2vrd3Z0TbB4=", "h1:Np2AbDtf8x6RDHiD8T9LbKJ9gaegeVNa8yNm5FuGKm0=",
		"h1:zRMQ3+/LIE5oZ0tVvXwYHC+dIkSP5cjNWju7AZU1LOI=", "h1:XCCpIDBzwM1s+FdQEiTuyFcPtByVLfJ7NyVrj8YDbTw="}},
}

// directories returns where the modules of a release are unpacked, in the order of modulePaths.
func (r release) directories() ([]string, error) {
	directories := make([]string, len(modulePaths))
	for index, path := range modulePaths {
		directory, err := download(path, r.version, r.sums[index])
		if err != nil {
			return nil, err
		}
		directories[index] = directory
	}
	return directories, nil
}

// unavailableError is a module that the module proxy does not give.
type unavailableError struct{ reason string }

func (e *unavailableError) Error() string { return e.reason }

// download makes sure that a module is in the module cache and is the one that we pinned. The checksum stands here, so no database
// of checksums is asked.
func download(path, version, sum string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", path+"@"+version)
	// Outside a module: the checksums of these versions do not belong into the engine's go.sum.
	command.Dir = os.TempDir()
	command.Env = append(os.Environ(), "GOWORK=off", "GONOSUMDB="+path)
	output, runError := command.Output()
	var module struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(output, &module); err != nil {
		return "", fmt.Errorf("go mod download %s@%s: %v %w", path, version, runError, err)
	}
	if module.Error != "" {
		return "", &unavailableError{fmt.Sprintf("go mod download %s@%s: %s", path, version, module.Error)}
	}
	if module.Sum != sum {
		return "", fmt.Errorf("%s@%s has the checksum %s instead of %s", path, version, module.Sum, sum)
	}
	return filepath.Clean(module.Dir), nil
}
