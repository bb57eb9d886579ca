package objects

import (
	"context"
	"strings"

	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/api/meta"

	"elysium.dev/controlplane/internal/replay/connection"
	"elysium.dev/controlplane/internal/replay/wire"
)

// Question is whether an account may do something to an object.
type Question struct {
	Account string         `json:"account"`
	Verb    string         `json:"verb"`
	Object  wire.Reference `json:"object"`
}

// Answer is what the server's authorizer says.
type Answer struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
}

// Allowed asks the server's authorizer.
func Allowed(ctx context.Context, server *connection.Connection, question Question) (Answer, error) {
	resolved, err := server.Resolve(question.Object)
	if err != nil {
		return Answer{}, err
	}
	mapping, err := server.Mapper.RESTMapping(resolved.GroupKind(), resolved.Version)
	if err != nil {
		return Answer{}, err
	}
	attributes := &authorizationv1.ResourceAttributes{
		Verb: question.Verb, Group: mapping.Resource.Group, Version: mapping.Resource.Version,
		Resource: mapping.Resource.Resource, Name: resolved.Name,
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		attributes.Namespace = resolved.Namespace
	}
	review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
		ResourceAttributes: attributes, User: question.Account, Groups: groupsOf(question.Account),
	}}
	if err := server.Typed.Create(ctx, review); err != nil {
		return Answer{}, err
	}
	return Answer{Allowed: review.Status.Allowed, Reason: review.Status.Reason}, nil
}

// groupsOf are the groups that the server gives an account.
func groupsOf(account string) []string {
	groups := []string{"system:authenticated"}
	parts := strings.Split(account, ":")
	if len(parts) == 4 && parts[0] == "system" && parts[1] == "serviceaccount" {
		groups = append(groups, "system:serviceaccounts", "system:serviceaccounts:"+parts[2])
	}
	return groups
}
