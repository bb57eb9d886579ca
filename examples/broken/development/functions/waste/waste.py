def main():
    return "paper on Tuesday"
