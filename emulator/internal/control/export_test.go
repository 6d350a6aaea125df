package control

// Operations returns the operations that the server reads from openapi.yaml at its start.
func Operations() []string {
	var list []string
	for _, o := range operations(specification) {
		list = append(list, o.String())
	}
	return list
}

// Compare compares one route with one operation of a description.
func Compare(verb, path, id string, described string) error {
	return compare([]route{{verb: verb, path: path, operation: id}}, operations([]byte(described)))
}
